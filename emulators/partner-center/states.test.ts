import { privateBody, replace, startTestWorld, toState, type TestWorld } from './test-client';

let world: TestWorld;
beforeEach(async () => {
  world = await startTestWorld();
});
afterEach(() => world.stop());

const day = 86_400_000;

/** A referral of the partner in the wanted state, brought there by those who may. */
async function inState(status: string, substatus: string): Promise<string> {
  if (status === 'Active') return (await world.create(privateBody())).json.id;
  if (status === 'New') {
    const { id } = world.pc.microsoft.createDeal({});
    if (substatus === 'Received') await world.patch(id, toState('New', 'Received'));
    return id;
  }
  if (substatus === 'Declined' || substatus === 'Expired') {
    const { id } = world.pc.microsoft.createDeal({});
    if (substatus === 'Declined') world.pc.portal.decline(id, 'Others');
    else world.clock.advance(15 * day);
    return id;
  }
  const { id } = (await world.create(privateBody())).json;
  world.pc.portal.close(id, substatus as 'Won', 'Others');
  return id;
}

const states = [
  'New/Pending',
  'New/Received',
  'Active/Accepted',
  'Closed/Won',
  'Closed/Lost',
  'Closed/Declined',
  'Closed/Error',
];
const allowed: Readonly<Record<string, readonly string[]>> = {
  'New/Pending': ['New/Pending', 'New/Received', 'Active/Accepted', 'Closed/Declined', 'Closed/Error'],
  'New/Received': ['New/Received', 'Active/Accepted', 'Closed/Declined', 'Closed/Error'],
  'Active/Accepted': ['Active/Accepted', 'Closed/Won', 'Closed/Lost', 'Closed/Error'],
};
const onlyByTable: Readonly<Record<string, readonly string[]>> = {
  'New/Pending': ['Closed/Won', 'Closed/Lost'],
  'New/Received': ['New/Pending', 'Closed/Won', 'Closed/Lost'],
  'Active/Accepted': ['Closed/Declined'],
};
const targets = [...states, 'Closed/Expired'];
const steps = [...states, 'Closed/Expired'].flatMap((from) => targets.map((to): [string, string] => [from, to]));

test.each(steps)('from %s to %s', async (from, to) => {
  const [status = '', substatus = ''] = from.split('/');
  const [nextStatus = '', nextSubstatus = ''] = to.split('/');
  const id = await inState(status, substatus);
  const strict = await world.patch(id, toState(nextStatus, nextSubstatus, 'Others'));
  expect(strict.status).toBe(allowed[from]?.includes(to) ? 204 : 400);
  if (strict.status === 400) {
    expect(strict.json.error.innerError.code).toBe(status === 'Closed' ? 'terminal' : 'invalidTransition');
    world.pc.switches['state.machine'] = 'table';
    const byTable = await world.patch(id, toState(nextStatus, nextSubstatus, 'Others'));
    expect(byTable.status).toBe(onlyByTable[from]?.includes(to) ? 204 : 400);
  }
});

describe('what a step of the state brings with it', () => {
  test('accepting ends the countdown and stamps the acceptance', async () => {
    const id = await inState('New', 'Pending');
    expect(world.pc.referral(id)?.expirationDateTime).toMatch(/^2026-03-16T08:00:00/);
    world.clock.advance(day);
    await world.patch(id, toState('Active', 'Accepted'));
    expect(world.pc.referral(id)).toMatchObject({
      expirationDateTime: null,
      acceptedDateTime: expect.stringMatching(/^2026-03-03T0[78]:/) as string,
    });
    world.clock.advance(30 * day);
    expect(world.pc.referral(id)?.status).toBe('Active');
  });

  test('accepting can carry values, and needs a value and a closing date', async () => {
    const { id } = world.pc.microsoft.createDeal({ wire: { details: { dealValue: null } } });
    const without = await world.patch(id, toState('Active', 'Accepted'));
    expect(without.json.error.target).toBe('/details/dealValue');
    const withValue = await world.patch(id, [...toState('Active', 'Accepted'), replace('/details/dealValue', 70_000)]);
    expect(withValue.status).toBe(204);
  });

  test('closing stamps the end', async () => {
    const id = await inState('Active', 'Accepted');
    world.clock.advance(day);
    await world.patch(id, toState('Closed', 'Lost', 'Others'));
    expect(world.pc.referral(id)).toMatchObject({
      statusReason: 'Others',
      closedDateTime: expect.stringMatching(/^2026-03-03T08:00:00/) as string,
    });
  });

  test('an unanswered referral expires exactly when its time is over', async () => {
    const id = await inState('New', 'Pending');
    world.clock.set('2026-03-16T07:59:59Z');
    expect((await world.get(id)).json.substatus).toBe('Pending');
    world.clock.set('2026-03-16T08:00:01Z');
    const { json } = await world.get(id);
    expect(json).toMatchObject({ status: 'Closed', substatus: 'Expired' });
    expect(json.updatedDateTime).toBe(json.expirationDateTime);
    expect((await world.patch(id, toState('Active', 'Accepted'))).status).toBe(400);
  });

  test("Microsoft's unanswered invitation expires too, the own deal stays open", async () => {
    const own = await world.coSell();
    world.clock.advance(15 * day);
    expect((await world.list({ $filter: `engagementId eq '${own.engagementId}'` })).json.value).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ organizationId: 'msft', substatus: 'Expired' }),
        expect.objectContaining({ id: own.id, status: 'Active' }),
      ]),
    );
  });

  test('an expired lead shows no contacts any more', async () => {
    const contact = { firstName: 'A', lastName: 'B', phoneNumber: '1', email: 'a@b.example' };
    const { id } = world.pc.microsoft.createLead({ customer: { team: [contact] } });
    expect(world.pc.referral(id)?.customerProfile.team).toHaveLength(1);
    world.clock.advance(15 * day);
    expect(world.pc.referral(id)?.customerProfile.team).toEqual([]);
  });

  test('nothing but a registration may change after the end', async () => {
    const id = await inState('Closed', 'Won');
    for (const path of ['/details/notes', '/externalReferenceId', '/name', '/salesStage']) {
      expect((await world.patch(id, [replace(path, 'x')])).json.error.innerError.code).toBe('terminal');
    }
  });
});

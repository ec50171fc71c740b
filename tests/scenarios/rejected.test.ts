/**
 * Partner Center rejects an update: what went before it, or along with it, is neither lost nor taken for somebody's edit.
 */
import { World } from '../world';

const needsAttention = 489100004;
const conflict = 489100004;

describe('an update that Partner Center rejects', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.start();
  });
  afterEach(() => world.stop());

  const shared = async (): Promise<string> => {
    const id = world.opportunity();
    world.share(id);
    await world.sync();
    return id;
  };
  const about = (id: string, field: string) => world.events(id).filter((event) => event['cosell_field'] === field);
  const value = (id: string) => world.partnerCenter.referral(String(id))?.details.dealValue;

  const rejects = (error: object): void =>
    world.faults.next({
      service: 'partnerCenter',
      method: 'PATCH',
      kind: 'answer',
      status: 400,
      answer: JSON.stringify({ error: { code: 'invalidRequest', ...error } }),
      headers: { 'content-type': 'application/json' },
    });

  /** The seller writes a value; it arrives, and its answer never comes. */
  const arrivedUnheard = async (id: string, changes: object): Promise<void> => {
    world.faults.next({ service: 'partnerCenter', method: 'PATCH', kind: 'resetAfter', times: 20 });
    world.seller.update('opportunity', id, { ...changes });
    world.clock.advance(15_000);
    await world.worker.pass();
    world.faults.clear();
  };

  test('does not turn an earlier value of the seller’s, whose answer was lost, into somebody else’s: he can take it back', async () => {
    const id = await shared();
    const own = world.referralOf(id).id;
    await arrivedUnheard(id, { estimatedvalue: 300_000 });
    rejects({ message: 'The notes are too long', target: 'details.notes' });
    world.seller.update('opportunity', id, { cosell_dealnotes: 'Refused' });
    await world.sync();
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: needsAttention });
    expect(value(own)).toBe(300_000);
    world.seller.update('opportunity', id, { estimatedvalue: 250_000, cosell_dealnotes: 'Taken' });
    await world.sync();
    expect(world.get(id)['estimatedvalue']).toBe(250_000);
    expect(value(own)).toBe(250_000);
    await world.expectSilence();
  });

  test('leaves the rest of it, written without the path in question, known as the seller’s though its answer was lost', async () => {
    const id = await shared();
    const own = world.referralOf(id).id;
    rejects({ message: 'The request is invalid.' });
    world.faults.next({ service: 'partnerCenter', method: 'PATCH', kind: 'resetAfter' });
    world.seller.update('opportunity', id, { name: 'Anders', estimatedvalue: 300_000 });
    world.clock.advance(15_000);
    await world.worker.pollCrm();
    await world.worker.queue.settled(world.worker.queue.keys);
    expect(world.link(id)).toMatchObject({ cosell_errorcode: 'REFERRAL_REJECTED' });
    expect(value(own)).toBe(300_000);
    world.seller.update('opportunity', id, { estimatedvalue: 250_000, name: 'Nochmal' });
    await world.sync();
    expect(world.get(id)['estimatedvalue']).toBe(250_000);
    expect(value(own)).toBe(250_000);
    await world.expectSilence();
  });

  test('is not sent with a deal that is lost, and nothing is said of what it would have replaced', async () => {
    const id = await shared();
    const own = world.referralOf(id).id;
    await arrivedUnheard(id, { estimatedvalue: 300_000 });
    world.partnerCenter.portal.edit(own, { value: 250_000 });
    world.seller.update('opportunity', id, { estimatedvalue: 0 });
    world.seller.lose(id);
    await world.sync(61);
    expect(world.referralOf(id)).toMatchObject({ status: 'Closed', details: { dealValue: 250_000 } });
    expect(about(id, 'dealValue').filter((event) => event['cosell_outcome'] === conflict)).toEqual([]);
    await world.expectSilence();
  });

  test('is known before it is sent where a deal is won without a solution, and the portal’s edits come in meanwhile', async () => {
    const [first, second] = ['SOL-70421-QLM', 'SOL-70422-QLM'];
    const id = world.opportunity({}, [first]);
    const row = world.addSolution(id, second);
    world.share(id);
    await world.sync();
    // Each side takes off what the other leaves.
    world.partnerCenter.portal.edit(world.referralOf(id).id, { solutions: [second] });
    world.seller.delete('cosell_opportunitysolution', row);
    world.seller.win(id);
    await world.sync();
    expect(world.link(id)).toMatchObject({ cosell_errorcode: 'SOLUTION_MISSING' });
    expect(world.seller.list('cosell_opportunitysolution', (one) => one['cosell_opportunityid'] === id)).toHaveLength(
      0,
    );
    await world.expectSilence();
  });
});

import type { World } from '../world';
import { hours, passes, restarted, shared, start, synced } from './kit';

let world: World;
afterEach(() => world.stop());

const clientId = (): string => String(world.env['COSELL_CLIENT_ID']);
/** Access tokens live for about an hour: longer than that, so that a new one has to be asked for. */
const tokenExpired = (): void => world.clock.advance(2 * hours);

/** Damage that stops the worker; edits on both sides meanwhile; the mend; everything is there once. */
async function stopsAndRecovers(given: {
  damage: () => void;
  code: string;
  says: RegExp;
  mend: () => void;
  poll?: () => Promise<void>;
}): Promise<void> {
  const id = await shared(world);
  given.damage();
  tokenExpired();
  world.seller.update('opportunity', id, { estimatedvalue: 71_000 });
  world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2027-07-07' });
  const error = await (given.poll ?? (() => world.worker.pass()))().then(
    () => null,
    (thrown: unknown) => thrown as { code: string; action: string; message: string },
  );
  expect(error).toMatchObject({ code: given.code, action: 'stop' });
  expect(error?.message).toMatch(given.says);
  await world.worker.close().catch(() => undefined);
  await expect(world.restartWorker()).rejects.toMatchObject({ code: given.code });
  expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 250_000 } });
  given.mend();
  world.clock.advance(3 * 60_000);
  await restarted(world);
  expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 71_000 } });
  expect(world.get(id)).toMatchObject({ estimatedclosedate: '2027-07-07', cosell_syncstatus: synced });
  expect(world.partnerCenter.referrals()).toHaveLength(1);
  await world.expectSilence();
}

describe('credentials of the CRM', () => {
  test('the client secret expires: the worker stops with CRM_SIGN_IN; with a new one everything arrives', async () => {
    world = await start();
    await stopsAndRecovers({
      damage: () => {
        for (const secret of world.entra.registerApplication({ clientId: clientId() }).secrets)
          Object.assign(secret, { expiresAt: world.clock.now() });
      },
      code: 'CRM_SIGN_IN',
      says: /AADSTS7000222/,
      // One application signs in at both services here; the CRM is the one that is asked.
      poll: () => world.worker.pollCrm(),
      mend: () => {
        world.entra.registerApplication({ clientId: clientId(), secret: 'made-for-this-test-2' });
        withEnv({ COSELL_CLIENT_SECRET: 'made-for-this-test-2' });
      },
    });
  });

  test('the application user is disabled: the worker stops with CRM_SIGN_IN and the CRM’s own code', async () => {
    world = await start();
    const user = world.dataverse.users.integration;
    await stopsAndRecovers({
      damage: () => world.dataverse.as(world.seed.users.seller).update('systemuser', user, { isdisabled: true }),
      code: 'CRM_SIGN_IN',
      says: /0x80040225/,
      mend: () => world.dataverse.as(world.seed.users.seller).update('systemuser', user, { isdisabled: false }),
    });
  });

  test('the role is taken away: polls fail as CRM_DENIED, no deal is parked for it, and it goes on by itself when the role is back', async () => {
    world = await start({ dataverse: { enforcePrivileges: 'on' } });
    const id = await shared(world);
    world.dataverse.switches.applicationRoles = [];
    world.seller.update('opportunity', id, { estimatedvalue: 72_000 });
    world.partnerCenter.portal.edit(world.referralOf(id).id, { closingDate: '2027-07-08' });
    const codes = await passes(world, 3);
    expect(new Set(codes)).toEqual(new Set(['CRM_DENIED']));
    expect(world.get(id)).toMatchObject({ cosell_syncstatus: synced, estimatedclosedate: '2027-03-31' });
    await expect(world.newWorker('another').worker.open()).rejects.toMatchObject({
      code: 'CRM_DENIED',
      message: expect.stringContaining('Co-sell Integration') as string,
    });
    world.dataverse.switches.applicationRoles = ['Co-sell Integration'];
    await passes(world, 4);
    await world.sync();
    expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 72_000 } });
    expect(world.get(id)).toMatchObject({ estimatedclosedate: '2027-07-08', cosell_syncstatus: synced });
    await world.expectSilence();
  });

  test('the CRM refuses even a fresh token: the log names the CRM’s own code, not only the 401', async () => {
    world = await start();
    await shared(world);
    const body = JSON.stringify({
      error: { code: '0x80072560', message: 'The user is not a member of the organization.' },
    });
    world.faults.next({
      service: 'dataverse',
      kind: 'answer',
      status: 401,
      headers: { 'content-type': 'application/json', 'www-authenticate': 'Bearer error="invalid_token"' },
      answer: body,
      times: 10,
    });
    world.clock.advance(15_000);
    await expect(world.worker.pass()).rejects.toMatchObject({
      code: 'CRM_SIGN_IN',
      detail: expect.stringContaining('0x80072560') as string,
    });
  });
});

describe('credentials of Partner Center', () => {
  test('the sign-in is revoked: the worker stops with PARTNER_CENTER_SIGN_IN; after a new sign-in everything arrives', async () => {
    world = await start();
    const upn = 'cosell.service@larkspur.example';
    await stopsAndRecovers({
      damage: () => void world.entra.revokeRefreshTokens(),
      code: 'PARTNER_CENTER_SIGN_IN',
      says: /sign in again/i,
      // A new sign-in takes the place of the old token in the settings and in the file.
      mend: () => signInAnew(world.entra.issueRefreshToken({ clientId: clientId(), upn })),
    });
  });

  test('the user is disabled: the worker stops; enabled again, everything arrives', async () => {
    world = await start();
    const upn = 'cosell.service@larkspur.example';
    await stopsAndRecovers({
      damage: () => world.entra.disableUser(upn),
      code: 'PARTNER_CENTER_SIGN_IN',
      says: /AADSTS50057/,
      mend: () => world.entra.disableUser(upn, false),
    });
  });

  for (const forbidden of [403, 404] as const) {
    test(`the role is taken away (hidden as ${forbidden}): nothing is sent and nothing is closed; with the role back everything arrives`, async () => {
      world = await start();
      world.partnerCenter.switches.forbidden = forbidden as never;
      const upn = 'cosell.service@larkspur.example';
      const id = await shared(world);
      const other = world.opportunity({ name: 'Wird währenddessen geteilt' });
      const { id: referralId } = world.referralOf(id);
      world.partnerCenter.roles.assign(upn, { role: 'none' } as never);
      world.seller.update('opportunity', id, { estimatedvalue: 73_000 });
      world.share(other);
      world.partnerCenter.portal.edit(referralId, { closingDate: '2027-07-09' });
      expect(new Set(await passes(world, 4))).toEqual(new Set(['PARTNER_CENTER_DENIED']));
      expect(world.get(id)).toMatchObject({ estimatedclosedate: '2027-03-31' });
      expect(world.partnerCenter.referral(referralId)).toMatchObject({
        status: 'Active',
        details: { dealValue: 250_000 },
      });
      world.partnerCenter.roles.assign(upn, { role: 'ReferralsAdmin' });
      world.clock.advance(65 * 60_000);
      await passes(world, 4);
      await world.sync();
      expect(world.referralOf(id)).toMatchObject({ details: { dealValue: 73_000 } });
      expect(world.get(id)).toMatchObject({ estimatedclosedate: '2027-07-09', cosell_syncstatus: synced });
      expect(world.get(other)).toMatchObject({ cosell_syncstatus: synced });
      expect(world.partnerCenter.referrals()).toHaveLength(2);
      await world.expectSilence();
    });
  }

  for (const forbidden of [403, 404] as const) {
    test(`one deal of a location that the user does not see (${forbidden}): it alone waits, says so in words, is looked at once an hour, and goes on when it is shown`, async () => {
      world = await start();
      world.partnerCenter.switches.forbidden = forbidden as never;
      const upn = 'cosell.service@larkspur.example';
      const hidden = await shared(world, { name: 'Verborgen' });
      const seen = await shared(world, { name: 'Zu sehen' });
      const { id: referralId } = world.referralOf(hidden);
      const here = String(world.referralOf(seen).mpnId);
      Object.assign(world.partnerCenter.referral(referralId) as object, { mpnId: '7999999' });
      world.partnerCenter.roles.assign(upn, { role: 'ReferralsAdmin', locations: [here] });
      world.seller.update('opportunity', hidden, { estimatedvalue: 74_000 });
      world.seller.update('opportunity', seen, { estimatedvalue: 75_000 });
      await world.sync();
      expect(world.referralOf(seen)).toMatchObject({ details: { dealValue: 75_000 } });
      expect(world.link(hidden)).toMatchObject({ cosell_errorcode: 'REFERRAL_NOT_FOUND' });
      expect(String(world.get(hidden)['cosell_syncmessage'])).toMatch(/does not show this referral/);
      const mark = world.journal.mark();
      for (let minute = 0; minute < 3 * 60; minute += 10) await passes(world, 1, 10 * 60_000);
      const asked = world.requests(mark, 'partnerCenter').filter((entry) => entry.url.includes(referralId));
      expect(asked.length).toBeGreaterThan(0);
      expect(asked.length).toBeLessThanOrEqual(8);
      world.partnerCenter.roles.assign(upn, { role: 'ReferralsAdmin' });
      world.clock.advance(61 * 60_000);
      await passes(world, 3);
      await world.sync();
      expect(world.referralOf(hidden)).toMatchObject({ details: { dealValue: 74_000 } });
      expect(world.get(hidden)).toMatchObject({ cosell_syncstatus: synced });
      await world.expectSilence();
    });
  }
});

/** What the admin changes in the worker's environment variables before its next start. */
function withEnv(changes: Record<string, string>): void {
  Object.defineProperty(world, 'env', { value: { ...world.env, ...changes } });
}

function signInAnew(token: string): void {
  withEnv({
    PARTNER_CENTER_REFRESH_TOKEN: token,
    PARTNER_CENTER_TOKEN_FILE: `${String(world.env['PARTNER_CENTER_TOKEN_FILE'])}.new`,
  });
}

/** A deal that comes in needs somebody who owns it: the worker's own user is nobody whom a seller would ask. */
import type { Row } from '../../emulators/dataverse';
import { incoming } from '../incoming';
import { World } from '../world';

const mareike = 'mareike.osterkamp@contoso.example';

let world: World;
afterEach(() => world.stop());

const recordOf = (referralId: string): Row | undefined =>
  world.opportunities().find((row) => row['cosell_referralidentifier'] === referralId);
const rowOf = (referralId: string): Row | undefined =>
  world.seller.list('cosell_referral', (row) => row['cosell_referralidentifier'] === referralId)[0];
const toldOf = (variable: string): number =>
  world.logs.filter((line) => line.startsWith('warn setting') && line.includes(variable)).length;
const anHour = async (): Promise<void> => {
  world.clock.advance(61 * 60_000);
  await world.worker.minute();
  await world.sync();
};

test('while no default owner is set a deal of Microsoft’s waits on its row, and comes in when there is one', async () => {
  world = await World.start();
  const { id } = world.partnerCenter.microsoft.createDeal(incoming);
  await world.sync();
  expect(recordOf(id)).toBeUndefined();
  expect(rowOf(id)).toMatchObject({
    cosell_errorcode: 'settingUnknownOwner',
    cosell_error: expect.stringContaining('Default owner') as string,
  });
  await world.expectSilence();
  world.setting('cosell_defaultowner', mareike);
  await anHour();
  expect(recordOf(id)).toMatchObject({ ownerid: world.seed.users.seller, cosell_syncstatus: 489100003 });
  expect(rowOf(id)).toMatchObject({ cosell_errorcode: null });
  await world.expectSilence();
});

test('a default owner who is gone is said in the log within the hour, and no deal comes in that nobody would see', async () => {
  world = await World.start();
  const team = world.seller.create('team', {
    name: 'Sales desk',
    teamtype: 0,
  });
  world.setting('cosell_defaultowner', 'Sales desk');
  await anHour();
  world.logs.length = 0;
  world.seller.update('team', team, { name: 'Alliances' });
  const { id } = world.partnerCenter.microsoft.createDeal(incoming);
  await world.sync();
  expect(recordOf(id)).toBeUndefined();
  expect(toldOf('cosell_defaultowner')).toBe(0);
  await anHour();
  expect(toldOf('cosell_defaultowner')).toBe(1);
  expect(recordOf(id)).toBeUndefined();
  world.setting('cosell_defaultowner', 'Alliances');
  await anHour();
  expect(recordOf(id)).toMatchObject({ ownerid: team });
  await world.expectSilence();
});

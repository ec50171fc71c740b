/**
 * A small sales department as its co-sell administrator finds it in the morning: deals in several states, made the way
 * they come about, and a few changes that could not simply be carried over.
 */
import { answered, choice, shared, vaccineDeal } from './deals';
import type { Stage } from './stage';

export interface Department {
  readonly inSync: string;
  readonly incomplete: string;
}

export async function fillDepartment(stage: Stage): Promise<Department> {
  const { world } = stage;
  const { microsoft, portal } = world.partnerCenter;
  const inSync = await answered(stage, { name: 'Cold chain monitoring for 14 warehouses' });
  await shared(stage, { name: 'Fleet ledger roll-out', estimatedvalue: 62_000 });
  const asked = { value: 80_000, currency: 'EUR', closingDate: '2027-05-14', solutions: ['SOL-70421-QLM'] };
  microsoft.createDeal({ ...asked, ...vaccineDeal, expires: '2026-11-27T08:00:00Z' });
  microsoft.createDeal({ ...asked, name: 'Hospital pharmacy stock', expires: '2026-11-25T16:00:00Z' });
  microsoft.createDeal({ ...asked, name: 'Frozen goods pilot', expires: '2026-12-24T08:00:00Z' });
  // Help is wanted and the contact is missing.
  const lacking = { cosell_helprequired: choice(2), parentcontactid: null };
  const incomplete = await shared(stage, { name: 'Refrigeration retrofit', ...lacking });
  const lost = await shared(stage, { name: 'Yard planning pilot', estimatedvalue: 21_750.5 });
  portal.close(world.referralOf(lost).id, 'Lost', 'Budget');
  await world.sync();
  // What a seller may not write is put back; what is over takes no changes.
  world.seller.update('opportunity', inSync, { cosell_microsoftcrmidentifier: 'mine' });
  world.seller.update('opportunity', lost, { estimatedvalue: 25_000 });
  await world.sync();
  return { inSync, incomplete };
}

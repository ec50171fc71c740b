/**
 * Deals in the states that a seller sees, made the way they come about: by the seller, by Microsoft and by the worker.
 *
 * Nothing here writes a column that the worker owns; a state that the product cannot reach is not tested.
 */
import type { Row } from '../../emulators/dataverse';
import type { Stage } from './stage';

/** Value of the product's own choices: its publisher's prefix and a number. */
export const choice = (n: number): number => 489_100_000 + n;

export const coldChain = 'Larkspur Cold Chain Monitor';
export const fleetYard = 'Larkspur Fleet & Yard';

/** What an administrator has imported: these two, and `more` invented ones. */
export function fillCatalogue({ world }: Stage, more = 0): void {
  const add = (identifier: string, name: string): void =>
    void world.seller.create('cosell_solution', {
      cosell_name: name,
      cosell_solutionidentifier: identifier,
      cosell_solutiontype: 'Name',
      cosell_publishername: 'Larkspur Systems GmbH',
    });
  add('SOL-70421-QLM', coldChain);
  add('SOL-70422-QLM', fleetYard);
  for (let n = 1; n <= more; n++) add(`SOL-${10_000 + n}-AAA`, `Catalogue item ${String(n).padStart(4, '0')}`);
}

/** A complete deal that is not shared. */
export function deal({ world }: Stage, changes: Record<string, unknown> = {}): string {
  return world.opportunity(changes as never);
}

/** The same without a solution. */
export function dealWithoutSolution(stage: Stage, changes: Record<string, unknown> = {}): string {
  const id = deal(stage, changes);
  const { seller } = stage.world;
  for (const row of rowsOf(stage, id)) seller.delete('cosell_opportunitysolution', String(row['cosell_opportunitysolutionid']));
  return id;
}

/** Solutions of a deal as they are saved. */
export function rowsOf({ world }: Stage, id: string): Row[] {
  return world.seller.list('cosell_opportunitysolution', (row) => row['cosell_opportunityid'] === id);
}

export async function shared(stage: Stage, changes: Record<string, unknown> = {}): Promise<string> {
  const id = deal(stage, changes);
  stage.world.share(id);
  await stage.world.sync();
  return id;
}

/** Help is wanted and the contact is missing: the worker refuses it and says why. */
export async function needingAttention(stage: Stage): Promise<string> {
  return shared(stage, { name: 'No contact yet', cosell_helprequired: choice(2), parentcontactid: null });
}

export async function closed(stage: Stage): Promise<string> {
  const id = await shared(stage, { name: 'Given up' });
  stage.world.partnerCenter.portal.close(stage.world.referralOf(id).id, 'Lost', 'Budget');
  await stage.world.sync();
  return id;
}

/** Microsoft's own deal, waiting for the seller's answer. */
export async function onHold(stage: Stage): Promise<string> {
  const { world } = stage;
  world.setting('cosell_defaultowner', 'mareike.osterkamp@contoso.example');
  world.partnerCenter.switches['list.includesMicrosoft'] = 'on';
  const referral = world.partnerCenter.microsoft.createDeal({
    name: 'Sent by Microsoft',
    value: 80_000,
    currency: 'EUR',
    closingDate: '2027-05-14',
    solutions: ['SOL-70421-QLM'],
  });
  await world.sync();
  const [row] = world.opportunities().filter((each) => each['cosell_referralidentifier'] === referral.id);
  if (!row) throw new Error('The deal of Microsoft did not come in');
  return String(row['opportunityid']);
}

/**
 * Deals in the states that a seller sees, made the way they come about: by the seller, by Microsoft and by the worker.
 *
 * Nothing here writes a column that the worker owns; a state that the product cannot reach is not tested.
 */
import type { Row } from '../../emulators/dataverse';
import type { WorldOptions } from '../world';
import type { Stage } from './stage';

/** Value of the product's own choices: its publisher's prefix and a number. */
export const choice = (n: number): number => 489_100_000 + n;

export const coldChain = 'Larkspur Cold Chain Monitor';
export const fleetYard = 'Larkspur Fleet & Yard';

/** What an administrator and Microsoft have set before a test begins. */
export const begin: WorldOptions = {
  startAt: '2026-11-23T08:00:00Z',
  settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' },
  partnerCenter: { 'list.includesMicrosoft': 'on' },
};

/** The administrator has imported one more solution. */
export function addToCatalogue(
  { world }: Stage,
  identifier: string,
  name: string,
  publisher = 'Larkspur Systems GmbH',
): void {
  world.seller.create('cosell_solution', {
    cosell_name: name,
    cosell_solutionidentifier: identifier,
    cosell_solutiontype: 'Name',
    cosell_publishername: publisher,
  });
}

/** The administrator has imported these two solutions and `more` invented ones. */
export function fillCatalogue(stage: Stage, more = 0): void {
  addToCatalogue(stage, 'SOL-70421-QLM', coldChain);
  addToCatalogue(stage, 'SOL-70422-QLM', fleetYard);
  for (let n = 1; n <= more; n++)
    addToCatalogue(stage, `SOL-${10_000 + n}-AAA`, `Catalogue item ${String(n).padStart(4, '0')}`);
}

/** A complete deal that is not shared. */
export function deal({ world }: Stage, changes: Row = {}): string {
  return world.opportunity(changes);
}

/** The same without a solution. */
export function dealWithoutSolution({ world }: Stage, changes: Row = {}): string {
  return world.opportunity(changes, []);
}

/** Solutions of a deal as they are saved. */
export function rowsOf({ world }: Stage, id: string): Row[] {
  return world.seller.list('cosell_opportunitysolution', (row) => row['cosell_opportunityid'] === id);
}

export async function shared(stage: Stage, changes: Row = {}): Promise<string> {
  const id = deal(stage, changes);
  stage.world.share(id);
  await stage.world.sync();
  return id;
}

/** Help is wanted and the contact is missing: the worker refuses it and says why. */
export async function needingAttention(stage: Stage): Promise<string> {
  return shared(stage, { name: 'No contact yet', cosell_helprequired: choice(2), parentcontactid: null });
}

/** Help of Microsoft is wanted; contact, value, consent and intent are what the checklist then asks for. */
export const lackingParts: Row = {
  cosell_helprequired: choice(2),
  parentcontactid: null,
  estimatedvalue: null,
  cosell_customerconsent: false,
  cosell_purchaseintent: null,
};

/** Microsoft has accepted and answered, and the seller has raised the value since. */
export async function answered(stage: Stage, changes: Row = {}): Promise<string> {
  const { world } = stage;
  const id = await shared(stage, { cosell_helprequired: choice(2), ...changes });
  const answer = { crmId: '7-3XKQ91ZT', notes: 'Happy to join the proof of concept in January.' };
  world.partnerCenter.microsoft.accept(world.referralOf(id).engagementId, answer);
  await world.sync();
  world.seller.update('opportunity', id, { estimatedvalue: 310_000 });
  await world.sync();
  return id;
}

/** What Microsoft's own deal of the pictures is called and asks. */
export const vaccineDeal = { name: 'Vaccine logistics', notes: 'Customer asked for a reference.' };

export async function closed(stage: Stage): Promise<string> {
  const id = await shared(stage, { name: 'Given up' });
  stage.world.partnerCenter.portal.close(stage.world.referralOf(id).id, 'Lost', 'Budget');
  await stage.world.sync();
  return id;
}

/** Microsoft's own deal, waiting for the seller's answer. */
export async function onHold(
  stage: Stage,
  asked: { readonly name: string; readonly notes?: string } = { name: 'Sent by Microsoft' },
): Promise<string> {
  const { world } = stage;
  const referral = world.partnerCenter.microsoft.createDeal({
    value: 80_000,
    currency: 'EUR',
    closingDate: '2027-05-14',
    solutions: ['SOL-70421-QLM'],
    ...asked,
  });
  await world.sync();
  const [row] = world.opportunities().filter((each) => each['cosell_referralidentifier'] === referral.id);
  if (!row) throw new Error('The deal of Microsoft did not come in');
  return String(row['opportunityid']);
}

/** Waits until the records are as they should be: what a control saves, it saves a moment after the click. */
export async function until<T>(look: () => T, expected: T): Promise<void> {
  const wanted = JSON.stringify(expected);
  const end = Date.now() + 10_000;
  while (JSON.stringify(look()) !== wanted && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(look()).toEqual(expected);
}

/** Names of a deal's solutions as they are saved. */
export const savedNames = (stage: Stage, id: string) => (): unknown[] =>
  rowsOf(stage, id).map((row) => row['cosell_name']);

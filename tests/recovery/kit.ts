/**
 * What the recovery scenarios share: the states that a seller sees, a deal of Microsoft's, passes that go on over
 * failing polls as the run loop does, and the worker running by itself on a clock that only moves when it waits.
 *
 * Helpers only: what is broken and what must hold afterwards stands in each test.
 */
import type { Row } from '../../emulators/dataverse';
import { World, type WorldOptions } from '../world';

export const synced = 489100002;
export const onHold = 489100003;
export const needsAttention = 489100004;
export const closed = 489100006;
export const crmRecordDeleted = 489100007;

export const sellerMail = 'mareike.osterkamp@contoso.example';

export const minutes = 60_000;
export const hours = 60 * minutes;
export const days = 24 * hours;

export async function start(options: WorldOptions = {}): Promise<World> {
  return World.start({ ...options, settings: { cosell_defaultowner: sellerMail, ...options.settings } });
}

export async function shared(world: World, changes: Row = {}): Promise<string> {
  const id = world.opportunity(changes);
  world.share(id);
  await world.sync();
  return id;
}

export const opportunityOf = (world: World, referralId: string): Row | undefined =>
  world.opportunities().find((row) => row['cosell_referralidentifier'] === referralId);

export const linkOf = (world: World, referralId: string): Row | undefined =>
  world.seller.list('cosell_referral', (row) => row['cosell_referralidentifier'] === referralId)[0];

export const codesOf = (world: World, recordId?: string): unknown[] =>
  world.events(recordId).map((event) => event['cosell_code']);

/** Deletes link rows as an admin would in the app; all of them without a list. */
export function deleteLinks(world: World, recordIds?: readonly string[]): void {
  for (const row of world.seller.list('cosell_referral')) {
    if (recordIds && !recordIds.includes(String(row['cosell_recordid']))) continue;
    world.seller.delete('cosell_referral', String(row['cosell_referralid']));
  }
}

/** Passes with a minute between them, over polls that fail; resolves to the codes of those. */
export async function passes(world: World, count: number, milliseconds = 61_000): Promise<string[]> {
  const codes: string[] = [];
  const note = (error: unknown): void => void codes.push((error as { code?: string }).code ?? String(error));
  for (let round = 0; round < count; round += 1) {
    world.clock.advance(milliseconds);
    await world.worker.pass().catch(note);
    await world.worker.minute().catch(note);
  }
  return codes;
}

/** A worker that has nothing in memory, and the minute that it takes to find out what it wants to compare. */
export async function restarted(world: World): Promise<void> {
  await world.restartWorker();
  await passes(world, 2);
  await world.sync();
}

/** Open referrals of ours by the record that they name: more than one for a record is the one thing that must not be. */
export function openReferrals(world: World): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const referral of world.partnerCenter.referrals()) {
    const { organizationId, externalReferenceId, status, id } = referral as unknown as Record<string, string>;
    if (organizationId === 'msft' || status === 'Closed') continue;
    const record = (externalReferenceId ?? '').toLowerCase();
    found.set(record, [...(found.get(record) ?? []), String(id)]);
  }
  return found;
}

export function expectNoTwins(world: World): void {
  for (const [record, ids] of openReferrals(world)) {
    if (record !== '') expect(`${record}: ${ids.length}`).toBe(`${record}: 1`);
  }
  const shown = world
    .opportunities()
    .map((row) => String(row['cosell_referralidentifier'] ?? ''))
    .filter(Boolean);
  expect(new Set(shown).size).toBe(shown.length);
}

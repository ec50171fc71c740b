/**
 * Which of our columns a seller can no longer change, and which changes cannot be taken back. Pure.
 *
 * Source: Microsoft Learn, "Manage co-sell opportunities" and "Update a referral": the share flag and help only ever
 * go up, notes travel with the invitation, consent with the creation, and nothing changes after closing. On hold
 * nothing more is locked: edits wait in the CRM until the deal is accepted.
 */
import { own } from './columns';
import type { DealState } from './state';

/** Columns that go to Partner Center and are our own; the customer's columns are never locked. */
const shared: readonly string[] = [
  own.help,
  own.visibility,
  own.notesToMicrosoft,
  own.consent,
  own.purchaseIntent,
  own.dealNotes,
  own.coSellType,
  own.partnerRole,
  own.solutionArea,
  own.solutionPlay,
];

/** @param saved the record as it was last saved */
export function frozenColumns(saved: DealState): string[] {
  if (!saved.linked) return [];
  if (saved.phase === 'closed') return [...shared];
  return [
    ...(saved.visible ? [own.visibility] : []),
    ...(saved.coSell && saved.help !== null ? [own.help] : []),
    ...(saved.coSell && saved.notes !== '' ? [own.notesToMicrosoft] : []),
    ...(saved.consent ? [own.consent] : []),
  ];
}

export interface PutBack {
  readonly column: string;
  readonly value: unknown;
  /** Key of the text that says why. */
  readonly reason: string;
}

/**
 * Edits of one-way columns that go the wrong way. From the moment of sharing on, not only once the referral is
 * known here: it may be on its way.
 */
export function wrongWay(now: DealState, saved: DealState): PutBack[] {
  if (!saved.linked && !saved.sync) return [];
  const back: PutBack[] = [];
  if (saved.visible && !now.visible) back.push({ column: own.visibility, value: true, reason: 'visibility_one_way' });
  if (saved.coSell && saved.help !== null && now.help !== saved.help) {
    back.push({ column: own.help, value: saved.help, reason: 'help_one_way' });
  }
  return back;
}

/**
 * What each side has changed in one field since it last showed a value, not counting our own writes. Pure.
 *
 * The shadow says what each side showed last, the pending list which of our writes may have arrived since.
 */
import { sameValue, shownInCrm, type FieldRule } from './fields';
import { hasNotArrived } from './link';
import type { MergeInput } from './merge';
import { withDelivered, withSent } from './merge-set';
import type { FieldShadow } from './ports';

export interface Sides {
  /** Now. */
  readonly x: unknown;
  readonly y: unknown;
  /** y as the record will show it; undefined: it cannot, and keeps what it has. */
  readonly form: unknown;
  /** Last shown, corrected for own writes that have arrived. */
  readonly baseX: unknown;
  readonly baseY: unknown;
  readonly crmChanged: boolean;
  readonly pcChanged: boolean;
  /** We may have delivered x, and somebody typed y over it. */
  readonly ambiguous: boolean;
  /** A value of ours may have arrived and been replaced by the very value that was there before it: y has not moved. */
  readonly unconfirmed: boolean;
  readonly rewritten: FieldShadow['rewritten'];
  /** Values of ours that may have arrived in Partner Center. */
  readonly sent?: readonly unknown[];
  /** A set that we wrote to Partner Center has arrived there: what both sides are known to have had since. */
  readonly arrived?: Pick<FieldShadow, 'crm' | 'pc'>;
}

/** What changed on each side since it last showed a value, not counting our own writes. */
export function sidesOf(
  rule: FieldRule,
  input: MergeInput,
  shadow: FieldShadow,
  seenX: unknown,
  seenY: unknown,
): Sides {
  const same = (a: unknown, b: unknown): boolean => sameValue(rule.compare, a, b);
  const formOf = (value: unknown): unknown => shownInCrm(rule.field, value, input);
  // The settings may name other stages than on the day it was noted: what the record can show of it today.
  const stands = seenX === undefined || same(seenX, shadow.crm);
  const shown = stands ? shadow.crm : (formOf(shadow.crm) ?? null);
  const x = seenX === undefined ? shown : seenX;
  const y = seenY === undefined ? shadow.pc : seenY;
  const { pc } = input.pending;
  const sentNow = pc && !hasNotArrived(pc, input) ? pc.fields[rule.field] : [];
  const sentToPc = [...(pc?.earlier?.[rule.field] ?? []), ...(sentNow ?? [])];
  const now = { x, y, form: formOf(y), sent: sentToPc };
  const sentToCrm = input.pending.crm?.fields[rule.field] ?? [];
  const pcMoved = !same(y, shadow.pc);
  const crmMoved = !same(x, shown);
  const rewritten = shadow.rewritten;

  // Our own write arrived: from now on both sides are compared with it, so that a seller's undo is an edit.
  const had = pcMoved ? sinceArrival(rule, input, shadow, { x, y, form: now.form, sentToPc }) : null;
  if (had) {
    const moved = { crmChanged: !same(x, had.crm), pcChanged: !same(y, had.pc) };
    const arrived = rule.compare.startsWith('set:') ? { arrived: had } : {};
    return { ...now, baseX: had.crm, baseY: had.pc, ...moved, ...certain, rewritten, ...arrived };
  }
  if (crmMoved && sentToCrm.some((value) => same(value, x))) {
    const showed = rule.compare.startsWith('set:') ? input.pending.crm?.showed?.[rule.field] : undefined;
    const since = (base: unknown): unknown =>
      showed === undefined ? x : withDelivered(rule, { base, showed, wrote: x });
    const [baseX, baseY] = [since(shown), since(shadow.pc)];
    const moved = { crmChanged: !same(x, baseX), pcChanged: !same(y, baseY) };
    return { ...now, baseX, baseY, ...moved, ...certain, rewritten };
  }
  const doubts = {
    ambiguous: pcMoved && crmMoved && sentToPc.some((value) => same(value, x)),
    unconfirmed:
      seenY !== undefined && !pcMoved && crmMoved && sentToPc.length > 0 && !sentToPc.some((value) => same(value, y)),
  };
  return { ...now, baseX: shown, baseY: shadow.pc, crmChanged: crmMoved, pcChanged: pcMoved, ...doubts, rewritten };
}

const certain = { ambiguous: false, unconfirmed: false };

/**
 * What both sides had once a write of ours had arrived in Partner Center; null: it has not. Of a list somebody may have
 * changed the rest since: members that stand there as we sent them are ours all the same.
 */
function sinceArrival(
  rule: FieldRule,
  { pending: { crm } }: MergeInput,
  shadow: FieldShadow,
  { x, y, form, sentToPc }: Pick<Sides, 'x' | 'y' | 'form'> & { readonly sentToPc: readonly unknown[] },
): Pick<FieldShadow, 'crm' | 'pc'> | null {
  const whole = sentToPc.some((value) => sameValue(rule.compare, value, y));
  const due = crm?.fields[rule.field]?.at(-1) ?? crm?.showed?.[rule.field];
  if (!rule.compare.startsWith('set:') || due === undefined) return whole ? { crm: y, pc: y } : null;
  const sent = whole ? y : sentToPc.at(-1);
  if (sent === undefined) return null;
  const showed = crm?.showed?.[rule.field] ?? shadow.crm;
  const had = withSent(rule, shadow, { pc: y, form, crm: x, sent, showed, due });
  return whole || !sameValue(rule.compare, had.pc, shadow.pc) ? had : null;
}

/** The column that the CRM's value of a field stands in; one that was not looked at is where it was. */
export function columnOf({ crm, columns, shadow }: MergeInput, field: FieldRule['field']): string | undefined {
  return crm[field] === undefined ? shadow.fields[field]?.column : columns?.[field];
}

/**
 * An admin has mapped the field to another column, which nobody has compared yet: what it shows is no edit of what the
 * former one showed. Where nothing is sent any more (closed, frozen) the base stays: it is put back there, or told.
 */
export function isElsewhere(rule: FieldRule, input: MergeInput, shadow: FieldShadow): boolean {
  const moved = columnOf(input, rule.field) !== shadow.column;
  return moved && input.mode !== 'closed' && !sameValue(rule.compare, input.crm[rule.field], shadow.crm);
}

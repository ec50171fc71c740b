/**
 * One field of the three-way merge: whose word stands, and what is told about it.
 *
 * Pure, as the merge of the whole deal is. The rule says who owns the field and in which directions it travels; the
 * shadow says what each side showed last.
 */
import { emptyValue, sameValue, shownInCrm, type FieldRule } from './fields';
import { frozenBy, isComputed, isFirstSetting, isStillOpen } from './frozen';
import type { MergeInput } from './merge';
import { mergeSet } from './merge-set';
import { firstBase } from './first-base';
import type { FieldShadow, SyncEvent } from './ports';
import { isElsewhere, sidesOf, type Sides } from './sides';

export interface FieldResult {
  toPartnerCenter?: unknown;
  toCrm?: unknown;
  shadow: FieldShadow;
  /** What is remembered in its place when nothing is sent after all; absent: what was known before. */
  unsent?: FieldShadow;
  /** What the row is to know of the field before more is sent. */
  base?: FieldShadow;
  events: SyncEvent[];
}

/** Null: one side was not looked at, and nothing is known of the field. */
export function mergeField(rule: FieldRule, input: MergeInput): FieldResult | null {
  const shadow = input.shadow.fields[rule.field];
  const seenX = input.crm[rule.field] as unknown;
  const seenY = input.partnerCenter[rule.field] as unknown;
  const elsewhere = shadow && isElsewhere(rule, input, shadow) && !frozenBy(rule, input, shadow.crm, seenX);
  if (!shadow || elsewhere) {
    if (seenX === undefined || seenY === undefined) return null;
    const result = delivered(rule, input, withoutBase(rule, input, seenX, seenY), seenX);
    const base = firstBase(rule, result, seenX, { y: seenY, form: shownInCrm(rule.field, seenY, input) });
    return base ? { ...result, base } : result;
  }
  const sides = sidesOf(rule, input, shadow, seenX, seenY);
  const { x, y, crmChanged, pcChanged } = sides;
  if (!crmChanged && !pcChanged) {
    // The stored form stays as it is, so that a blank or an entity that comes and goes costs no write.
    const arrived = sides.baseX !== shadow.crm || sides.baseY !== shadow.pc;
    return { shadow: arrived ? { ...shadow, crm: x, pc: y } : shadow, events: [] };
  }
  if (rule.compare.startsWith('set:') && rule.direction === 'both') {
    const result = doubted(rule, sides, mergedSet(rule, input, sides));
    return sides.arrived ? { ...result, base: { ...shadow, ...sides.arrived } } : result;
  }
  // Partner Center's own record never shows the help that was asked for, so taking it back looks like agreement.
  const unset =
    rule.frozen === 'oneWay' && crmChanged && !pcChanged && sameValue(rule.compare, x, emptyValue(rule.field));
  if (!unset && sameValue(rule.compare, x, y)) return { shadow: { crm: x, pc: y }, events: [] };
  if (!pcChanged) return doubted(rule, sides, crmEdit(rule, input, sides));
  return crmChanged && !follows(rule, sides) ? conflict(rule, input, sides) : partnerCenterEdit(rule, input, sides);
}

/**
 * The answer to a value of ours never came, and the referral has moved since. It shows what was there before, which was
 * there all the time or was written back: nobody can tell, so what is replaced is kept in an event.
 */
function doubted(rule: FieldRule, { unconfirmed, y }: Sides, result: FieldResult): FieldResult {
  if (!unconfirmed || result.toPartnerCenter === undefined) return result;
  const event: SyncEvent = {
    direction: 'none',
    outcome: 'conflict',
    field: rule.field,
    from: y,
    to: result.toPartnerCenter,
    code: 'NEVER_CONFIRMED',
  };
  return { ...result, events: [event, ...result.events] };
}

/**
 * The row does not know yet what the CRM was to show, and the write may have arrived: who has taken it back since looks
 * like one who never saw it. What he did is kept in an event.
 */
function delivered(rule: FieldRule, input: MergeInput, result: FieldResult, x: unknown): FieldResult {
  const told = result.events.some(({ outcome }) => outcome === 'conflict');
  if (told || result.toCrm === undefined || !input.pending.crm?.fields[rule.field]) return result;
  const event: SyncEvent = {
    direction: 'none',
    outcome: 'conflict',
    field: rule.field,
    from: x,
    to: result.toCrm,
    code: 'AMBIGUOUS',
  };
  return { ...result, events: [event, ...result.events] };
}

/** Nothing is known of the past: equal is adopted, an empty side takes the other's word, else the owner wins. */
function withoutBase(rule: FieldRule, input: MergeInput, x: unknown, y: unknown): FieldResult {
  if (sameValue(rule.compare, x, y)) return { shadow: { crm: x, pc: y }, events: [] };
  // What was never to be kept the same (the customer's account) is only remembered, so that later edits are seen.
  if (rule.direction === 'createOnly' && rule.owner === 'foreign') return { shadow: { crm: x, pc: y }, events: [] };
  const empty = emptyValue(rule.field);
  const sides: Sides = {
    x,
    y,
    form: shownInCrm(rule.field, y, input),
    baseX: empty,
    baseY: empty,
    crmChanged: false,
    pcChanged: false,
    ambiguous: false,
    unconfirmed: false,
    rewritten: undefined,
  };
  if (rule.compare.startsWith('set:') && rule.direction === 'both')
    return mergedSet(rule, input, { ...sides, crmChanged: true, pcChanged: true });
  if (sameValue(rule.compare, x, empty) || follows(rule, sides))
    return partnerCenterEdit(rule, input, { ...sides, pcChanged: true });
  if (sameValue(rule.compare, y, empty)) return crmEdit(rule, input, { ...sides, crmChanged: true });
  return conflict(rule, input, { ...sides, crmChanged: true, pcChanged: true });
}

/** The record shows as much of Partner Center's value as it can: no word against it. */
function follows({ compare }: FieldRule, { x, form }: Sides): boolean {
  return form !== undefined && sameValue(compare, x, form);
}

function conflict(rule: FieldRule, input: MergeInput, sides: Sides): FieldResult {
  const crmWins = !sides.ambiguous && (rule.wins === 'crm' || isComputed(rule, input));
  const result = crmWins ? crmEdit(rule, input, sides) : partnerCenterEdit(rule, input, sides);
  const loser: SyncEvent = {
    direction: 'none',
    outcome: 'conflict',
    field: rule.field,
    from: crmWins ? sides.y : sides.x,
    to: crmWins ? sides.x : sides.y,
    code: sides.ambiguous ? 'AMBIGUOUS' : crmWins ? 'CRM_WINS' : 'PARTNER_CENTER_WINS',
  };
  return { ...result, events: [loser, ...result.events] };
}

/** The seller's word goes to Partner Center, unless the field, the deal's state or the direction forbid it. */
function crmEdit(rule: FieldRule, input: MergeInput, sides: Sides): FieldResult {
  const { x, y, form, baseX, baseY } = sides;
  if (rule.direction === 'toCrm') return putBackInCrm(rule, sides, sides.pcChanged ? (form ?? x) : baseX, 'READ_ONLY');
  if (input.mode === 'hold') {
    // Kept in the CRM and, because the shadow shows something else, sent when the deal is accepted. Where Partner Center
    // said something too, whatever the CRM shows from now on is the later word: going back to the former value as well.
    return { shadow: { crm: sides.pcChanged ? (form ?? null) : baseX, pc: y }, events: [] };
  }
  const barrier = input.mode === 'closed' ? 'REFERRAL_CLOSED' : frozenBy(rule, input, baseX, x);
  if (barrier) {
    const back = rule.owner === 'cosell' && !(rule.borrowed && rule.compare === 'text') && input.mode !== 'closed';
    if (back) return putBackInCrm(rule, sides, sides.pcChanged ? y : baseX, barrier);
    const event: SyncEvent = {
      direction: 'toPartnerCenter',
      outcome: 'notSent',
      field: rule.field,
      from: y,
      to: x,
      code: barrier,
    };
    return { shadow: { crm: x, pc: y }, events: [event] };
  }
  if (isStillOpen(rule, input)) return { shadow: { crm: x, pc: y }, events: [] };
  const corrected =
    sides.rewritten && sameValue(rule.compare, sides.rewritten.wrote, baseX) ? sides.rewritten : undefined;
  if (corrected && corrected.showed !== undefined && sameValue(rule.compare, corrected.showed, x)) {
    // The same value of ours was changed into the same other value before: going on would never end.
    const event: SyncEvent = {
      direction: 'toPartnerCenter',
      outcome: 'parked',
      field: rule.field,
      from: y,
      to: x,
      code: 'FIELD_LOOP',
    };
    return { shadow: { crm: x, pc: y, rewritten: corrected }, events: [event] };
  }
  return {
    toPartnerCenter: x,
    shadow: { crm: x, pc: x, ...(corrected ? { rewritten: { wrote: corrected.wrote, showed: x } } : {}) },
    events: [{ direction: 'toPartnerCenter', outcome: 'applied', field: rule.field, from: baseY, to: x }],
  };
}

/** Microsoft's or a colleague's word goes to the CRM, unless the CRM's word stands alone for this field. */
function partnerCenterEdit(rule: FieldRule, input: MergeInput, sides: Sides): FieldResult {
  const { x, y, form, baseX } = sides;
  const setThere = rule.frozen === 'oneWay' && isFirstSetting(rule, x, y);
  if ((rule.direction === 'toPartnerCenter' && !setThere) || isComputed(rule, input)) {
    return putBackInPartnerCenter(rule, input, sides);
  }
  const fixed = rule.direction === 'createOnly' || (rule.frozen === 'afterShare' && input.shared);
  // The record stays as it is, and what it shows now is no word against Partner Center's.
  if ((rule.owner === 'foreign' && fixed) || form === undefined || follows(rule, sides)) {
    const event: SyncEvent = {
      direction: 'toCrm',
      outcome: 'notSent',
      field: rule.field,
      from: x,
      to: y,
      code: 'NOT_OURS',
    };
    return { shadow: { crm: x, pc: y, rewritten: sides.rewritten }, events: [event] };
  }
  const before = sides.rewritten && sameValue(rule.compare, sides.rewritten.wrote, form) ? sides.rewritten : undefined;
  return {
    toCrm: form,
    shadow: { crm: form, pc: y, rewritten: before ?? { wrote: form } },
    events: [{ direction: 'toCrm', outcome: 'applied', field: rule.field, from: baseX, to: form }],
  };
}

function putBackInCrm(rule: FieldRule, sides: Sides, back: unknown, code: string): FieldResult {
  const event: SyncEvent = { direction: 'toCrm', outcome: 'putBack', field: rule.field, from: sides.x, to: back, code };
  return { toCrm: back, shadow: { crm: back, pc: sides.y }, events: [event] };
}

function putBackInPartnerCenter(rule: FieldRule, input: MergeInput, sides: Sides): FieldResult {
  const { x, y } = sides;
  // A CRM that says nothing about the field has no word to put back.
  const silent = sameValue(rule.compare, x, emptyValue(rule.field));
  if (silent || input.mode !== 'open' || frozenBy(rule, input, sides.baseX, x))
    return { shadow: { crm: x, pc: y }, events: [] };
  const event: SyncEvent = {
    direction: 'toPartnerCenter',
    outcome: 'putBack',
    field: rule.field,
    from: y,
    to: x,
    code: 'CRM_ONLY',
  };
  const before = input.shadow.fields[rule.field]?.putBack;
  // Overruled before with the very value that the CRM still shows: two who correct each other would never end.
  if (before !== undefined && !sides.crmChanged && sameValue(rule.compare, before, y))
    return { shadow: { crm: x, pc: y, putBack: y }, events: [{ ...event, outcome: 'parked', code: 'FIELD_LOOP' }] };
  return { toPartnerCenter: x, shadow: { crm: x, pc: x, putBack: y }, events: [event] };
}

/** Sets merge member by member; there is no conflict over a list as a whole. */
function mergedSet(rule: FieldRule, input: MergeInput, sides: Sides): FieldResult {
  const merged = mergeSet(rule, {
    crm: sides.x,
    pc: sides.y,
    form: sides.form,
    baseCrm: sides.baseX,
    basePc: sides.baseY,
    sent: sides.sent,
    crmUsers: input.crmUsers,
    seats: input.seats?.[rule.field as 'team' | 'contacts'],
  });
  const frozen = input.mode === 'closed' ? 'REFERRAL_CLOSED' : frozenBy(rule, input, sides.baseX, sides.x);
  const events: SyncEvent[] = merged.notes.map((note) => ({ field: rule.field, ...note }));
  const result: FieldResult = { shadow: { crm: sides.x, pc: sides.y }, events };
  const wantsPc = !sameValue(rule.compare, merged.forPartnerCenter, sides.y);
  const wantsCrm = !sameValue(rule.compare, merged.forCrm, sides.x);
  if (wantsPc && frozen) {
    events.push({
      direction: 'toPartnerCenter',
      outcome: 'notSent',
      field: rule.field,
      from: sides.y,
      to: sides.x,
      code: frozen,
    });
  } else if (wantsPc && input.mode === 'open') {
    result.toPartnerCenter = merged.forPartnerCenter;
    events.push({
      direction: 'toPartnerCenter',
      outcome: 'applied',
      field: rule.field,
      from: sides.y,
      to: merged.forPartnerCenter,
    });
    result.shadow = { crm: sides.x, pc: merged.forPartnerCenter };
  }
  const unsent = wantsPc && !frozen ? { crm: merged.held, pc: sides.y } : undefined;
  const held = input.mode === 'hold' ? unsent : undefined;
  if (unsent && !held) result.unsent = unsent;
  if (held) result.shadow = held;
  if (wantsCrm && !(frozen && rule.owner === 'foreign')) {
    result.toCrm = merged.forCrm;
    events.push({ direction: 'toCrm', outcome: 'applied', field: rule.field, from: sides.x, to: merged.forCrm });
    result.shadow = { ...result.shadow, crm: held?.crm ?? merged.forCrm };
  } else if (wantsCrm && sides.pcChanged) {
    // Contacts and users are the CRM's own: what Partner Center says of them from now on is only reported.
    events.push({
      direction: 'toCrm',
      outcome: 'notSent',
      field: rule.field,
      from: sides.x,
      to: merged.forCrm,
      code: frozen ?? 'NOT_OURS',
    });
  }
  return result;
}

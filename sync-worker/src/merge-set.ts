/**
 * Three-way merge of a set (solutions, team, contacts), member by member.
 *
 * Members are the same by key: the solution's id, the person's lower-cased e-mail. A member that only one side
 * ever had is that side's own and stays. Contacts and users are records of the CRM's, so what Partner Center says
 * about an existing person's name or phone is reported, never written.
 */
import type { Person, Solution } from '../../domain/deal';
import { memberKey, sameDecimal, sameMember } from '../../domain/normalise';
import type { FieldRule } from './fields';
import type { FieldShadow, Seats, SyncEvent } from './ports';

type Member = Person | Solution;

export interface SetSides {
  readonly crm: unknown;
  readonly pc: unknown;
  /** Partner Center's as the record will show them. */
  readonly form: unknown;
  readonly baseCrm: unknown;
  readonly basePc: unknown;
  /** Sets of ours that may have arrived in Partner Center. */
  readonly sent?: readonly unknown[] | undefined;
  /** Absent: any person can be held by the CRM. */
  readonly crmUsers?: ReadonlySet<string> | undefined;
  readonly seats?: Seats | undefined;
}

export interface MergedSet {
  readonly forCrm: readonly Member[];
  readonly forPartnerCenter: readonly Member[];
  /** The CRM's side as it is agreed on while nothing is sent: its own changes wait, what came from the other side does not. */
  readonly held: readonly Member[];
  readonly notes: readonly Note[];
}

export function mergeSet(rule: FieldRule, sides: SetSides): MergedSet {
  const kind = kindOf(rule);
  const key = keyFor(rule);
  const crm = byKey(sides.crm, key);
  const pc = byKey(sides.pc, key);
  const forms = byKey(sides.form, key);
  const baseCrm = byKey(sides.baseCrm, key);
  const basePc = byKey(sides.basePc, key);
  const named = byKey(sides.seats?.named, key);
  const sent = (sides.sent ?? []).map((one) => byKey(one, key));
  const forCrm: Member[] = [];
  const forPartnerCenter: Member[] = [];
  const held: Member[] = [];
  const notes: Note[] = [];
  const equal = equalFor(rule);

  for (const id of new Set([...crm.keys(), ...pc.keys()])) {
    const x = crm.get(id);
    const y = pc.get(id);
    const form = forms.get(id);
    const crmChanged = !equal(x, baseCrm.get(id));
    const pcChanged = !equal(y, basePc.get(id));
    const members = [x, y, form, baseCrm.get(id), basePc.get(id)];
    const delivered = (): Member[] => sent.flatMap((one) => one.get(id) ?? []);
    const amounts = crmChanged || pcChanged ? mergedAmounts(rule, members, delivered()) : null;
    let toCrm = x;
    let toPc = y;
    if (amounts) {
      toCrm = { ...(x as Solution), ...amounts.crm };
      toPc = { ...(y as Solution), ...amounts.pc };
      if (amounts.contested) notes.push(amounts.contested);
    } else if (!equal(x, form) && (crmChanged || pcChanged)) {
      const crmWord = crmChanged && (!pcChanged || rule.wins === 'crm');
      if (crmChanged && pcChanged) notes.push(lost(crmWord, x, y));
      if (crmWord) toPc = x;
      else toCrm = form;
    }
    if (kind === 'person') {
      // What Partner Center says of a person that the CRM has is the contact's or user's own affair; whom the record
      // itself names, and whom it has no place for, is the record's.
      const ours = x ? toCrm !== undefined || named.has(id) : sides.seats?.full;
      if (ours && !equal(x, toCrm)) {
        notes.push({ direction: 'toCrm', outcome: 'notSent', from: x, to: toCrm, code: 'NOT_OURS' });
        toCrm = x;
      }
      if (!x && toCrm && rule.field === 'team' && sides.crmUsers && !sides.crmUsers.has(id)) {
        notes.push({ direction: 'toCrm', outcome: 'notSent', to: toCrm, code: 'NO_CRM_USER' });
        toCrm = undefined;
      }
      if (toPc && !equal(toPc, y) && !isComplete(toPc as Person)) {
        notes.push({ direction: 'toPartnerCenter', outcome: 'notSent', to: toPc, code: 'PERSON_INCOMPLETE' });
        toPc = y;
      }
    }
    if (toCrm) forCrm.push(toCrm);
    if (toPc) forPartnerCenter.push(toPc);
    const known = equal(toPc, y) ? toCrm : pcChanged ? form : baseCrm.get(id);
    if (known) held.push(amounts ? { ...(known as Solution), ...amounts.held } : known);
  }
  return { forCrm, forPartnerCenter, held, notes };
}

interface Amounts {
  readonly crm: Pick<Solution, Part>;
  readonly pc: Pick<Solution, Part>;
  /** The CRM's side without what it alone has to say: that waits. */
  readonly held: Pick<Solution, Part>;
  /** Both sides have written the same amount anew, and not alike. */
  readonly contested: Note | null;
}

const parts = ['price', 'quantity'] as const;
type Part = (typeof parts)[number];
type Note = Omit<SyncEvent, 'field'>;

/**
 * A solution that a side has changed. Price and quantity are two words: who writes one has said nothing about the
 * other. Of an amount that we may have delivered, who typed another over it in Partner Center has the later word. Null:
 * one side has taken the solution off, or nothing is known of what it was.
 */
function mergedAmounts(
  rule: FieldRule,
  members: readonly (Member | undefined)[],
  sent: readonly Member[],
): Amounts | null {
  if (kindOf(rule) !== 'solution' || members.includes(undefined)) return null;
  const [x, y, form, baseX, baseY] = members as readonly [Solution, Solution, Solution, Solution, Solution];
  const crmChanged = (part: Part): boolean => !sameDecimal(x[part], baseX[part]);
  const pcChanged = (part: Part): boolean => !sameDecimal(y[part], baseY[part]);
  const isAmbiguous = (part: Part): boolean =>
    (sent as readonly Solution[]).some((one) => sameDecimal(one[part], x[part]));
  // A record that shows as much of Partner Center's amount as it can has no word against it.
  const follows = (part: Part): boolean => sameDecimal(x[part], form[part]);
  const crmWord = (part: Part): boolean =>
    crmChanged(part) && !follows(part) && (!pcChanged(part) || (rule.wins === 'crm' && !isAmbiguous(part)));
  const each = (of: (part: Part) => string | null): Pick<Solution, Part> => ({
    price: of('price'),
    quantity: of('quantity'),
  });
  const contested = parts.find((part) => crmChanged(part) && pcChanged(part) && !follows(part));
  const note = contested && lost(crmWord(contested), x, y);
  return {
    crm: each((part) => (pcChanged(part) && !crmWord(part) ? form : x)[part]),
    pc: each((part) => (crmWord(part) ? x : y)[part]),
    held: each((part) => (pcChanged(part) ? form : baseX)[part]),
    contested: note ? { ...note, ...(isAmbiguous(contested) ? { code: 'AMBIGUOUS' } : {}) } : null,
  };
}

/** Members that both sides have, as Partner Center shows them. */
export function commonMembers(rule: FieldRule, crm: unknown, pc: unknown): readonly Member[] {
  const here = byKey(crm, keyFor(rule));
  return [...byKey(pc, keyFor(rule))].filter(([id]) => here.has(id)).map(([, member]) => member);
}

/**
 * What each side had of a set, once a write of ours to Partner Center has arrived there. Of the members that both were
 * to have alike they now have what was written; all others stand as they were remembered: one that only one side was to
 * have, and one that the same write was to bring to the CRM and has not brought yet, which is nothing that the seller
 * did. What the CRM showed when the write was planned tells that from his undo.
 */
export function withSent(
  rule: FieldRule,
  known: FieldShadow,
  now: Readonly<Record<View, unknown>>,
): { readonly crm: readonly Member[]; readonly pc: readonly Member[] } {
  const same = equalFor(rule);
  const of = (members: unknown): Map<string, Member> => byKey(members, keyFor(rule));
  const members = new Map(views.map((view) => [view, of(now[view])]));
  const had = (side: Map<string, Member>, shows: View): readonly Member[] =>
    [...new Set([...of(now.pc).keys(), ...side.keys()])].flatMap((id) => {
      const seen = (view: View): Member | undefined => members.get(view)?.get(id);
      const isWhole = isSettled((a, b) => same(seen(a), seen(b)));
      return (isWhole ? seen(shows) : withSettledAmounts(rule, side.get(id), seen, shows)) ?? [];
    });
  return { crm: had(of(known.crm), 'form'), pc: had(of(known.pc), 'pc') };
}

/** `form` is `pc` as the CRM can show it, `showed` and `due` what the CRM had and was to have when `sent` was planned. */
const views = ['pc', 'form', 'crm', 'sent', 'showed', 'due'] as const;
type View = (typeof views)[number];

/** It stands there as it was sent and as the CRM was to have it too, which had it so already or has it now. */
function isSettled(alike: (a: View, b: View) => boolean): boolean {
  return alike('pc', 'sent') && alike('form', 'due') && (alike('showed', 'due') || alike('crm', 'due'));
}

/** The price of a solution may be on its way to the CRM still, while both sides have its quantity alike; or the other way. */
function withSettledAmounts(
  rule: FieldRule,
  known: Member | undefined,
  seen: (view: View) => Member | undefined,
  shows: View,
): Member | undefined {
  if (kindOf(rule) !== 'solution' || !known || views.map(seen).includes(undefined)) return known;
  const amount = (view: View, part: Part): string | null => (seen(view) as Solution)[part];
  const settled = parts.filter((part) => isSettled((a, b) => sameDecimal(amount(a, part), amount(b, part))));
  return settled.reduce((had, part) => ({ ...had, [part]: amount(shows, part) }), known);
}

/**
 * What a side had of a set, once a write of ours to the CRM has arrived there: as it was remembered, with what that
 * write took off and added. What the seller had done to it before that write stays an edit of his.
 */
export function withDelivered(
  rule: FieldRule,
  { base, showed, wrote }: { readonly base: unknown; readonly showed: unknown; readonly wrote: unknown },
): readonly Member[] {
  const key = keyFor(rule);
  const [known, before, after] = [byKey(base, key), byKey(showed, key), byKey(wrote, key)];
  const ours = ([id, member]: [string, Member]): boolean => JSON.stringify(before.get(id)) !== JSON.stringify(member);
  const kept = [...known].filter(([id]) => after.has(id) || !before.has(id));
  return [...new Map([...kept, ...[...after].filter(ours)]).values()];
}

function lost(crmWord: boolean, x: Member | undefined, y: Member | undefined): Note {
  return {
    direction: 'none',
    outcome: 'conflict',
    from: crmWord ? y : x,
    to: crmWord ? x : y,
    code: crmWord ? 'CRM_WINS' : 'PARTNER_CENTER_WINS',
  };
}

const kindOf = (rule: FieldRule): 'solution' | 'person' => (rule.compare === 'set:solution' ? 'solution' : 'person');

const keyFor = (rule: FieldRule): ((member: Member) => string) => memberKey(kindOf(rule)) as (member: Member) => string;

function equalFor(rule: FieldRule): (a: Member | undefined, b: Member | undefined) => boolean {
  const same = sameMember(kindOf(rule)) as (a: Member, b: Member) => boolean;
  return (a, b) => (a && b ? same(a, b) : a === b);
}

function byKey(members: unknown, key: (member: Member) => string): Map<string, Member> {
  const list = Array.isArray(members) ? (members as readonly Member[]) : [];
  return new Map(list.map((member) => [key(member), member]));
}

/** Partner Center refuses a person without one of the four (Microsoft Learn: manage co-sell opportunities). */
function isComplete(person: Person): boolean {
  return [person.firstName, person.lastName, person.phone, person.email].every((text) => text.trim() !== '');
}

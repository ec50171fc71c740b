/**
 * Three-way merge of one deal, field by field.
 *
 * Given what each side last showed (the shadow), what each shows now and which of our own writes may still
 * be under way, decide what to write where. Pure: no I/O, no clock, no log. "Nothing" is the usual answer, and
 * is what makes our own writes harmless when they come back to us as changes.
 *
 * The shadow keeps the form in which each side showed a value, so a service that rounds or a customer's flow
 * that rewrites does not start a loop.
 */
import type { DealValues, FieldName } from '../../domain/deal';
import type { FieldRule, StagesShown } from './fields';
import { mergeField } from './merge-field';
import type { Deal, Digits, FieldShadow, Pending, Shadow, SyncEvent } from './ports';
import { columnOf } from './sides';

export interface MergeInput {
  readonly rules: readonly FieldRule[];
  readonly shadow: Shadow;
  readonly pending: Pending;
  readonly crm: DealValues;
  /** Where the CRM's values stand, by field; absent: in the default columns. */
  readonly columns?: Deal['columns'];
  readonly partnerCenter: DealValues;
  /** The version that shows these values, and when it came to be: what was sent on condition of it, or later, has not arrived. */
  readonly etag?: string;
  readonly updatedOn?: string;
  /**
   * open: both directions. hold: the referral is not accepted, nothing is sent but everything arrives.
   * closed: nothing is sent any more, edits are answered by an event.
   */
  readonly mode: 'open' | 'hold' | 'closed';
  /** The CRM computes the value from products: it is never overwritten. */
  readonly valueComputed?: boolean;
  /** What freezes on sharing (the contacts) is frozen. */
  readonly shared?: boolean;
  /** Microsoft has been asked for help. */
  readonly invited?: boolean;
  /** Lower-cased e-mails of the CRM's users; a seller who is none of them cannot be added to a CRM team. */
  readonly crmUsers?: ReadonlySet<string>;
  /** What the record's sales stage can show of Partner Center's. */
  readonly salesStages?: StagesShown;
  /** With how many fraction digits it shows amounts. */
  readonly digits?: Digits;
  /** Whom the CRM cannot take off its lists of people, and which of them take nobody. */
  readonly seats?: Deal['seats'];
}

export interface MergePlan {
  readonly toPartnerCenter: DealValues;
  readonly toCrm: DealValues;
  /** What the shadow becomes when both writes are done. */
  readonly fields: Shadow['fields'];
  /** The same for fields of which one part waits and the other does not, when nothing is sent after all. */
  readonly unsent: Shadow['fields'];
  /** What the row is to know of fields before more of them is sent: later nobody could tell. */
  readonly base: Shadow['fields'];
  readonly events: readonly SyncEvent[];
  /** True when the shadow differs from the one given: worth a write of the row, though not of the record. */
  readonly moved: boolean;
}

type Loose = Partial<Record<FieldName, unknown>>;

export function merge(input: MergeInput): MergePlan {
  const toPartnerCenter: Loose = {};
  const toCrm: Loose = {};
  const fields: Partial<Record<FieldName, FieldShadow>> = { ...input.shadow.fields };
  const unsent: Partial<Record<FieldName, FieldShadow>> = {};
  const base: Partial<Record<FieldName, FieldShadow>> = {};
  const events: SyncEvent[] = [];
  let moved = false;

  for (const rule of input.rules) {
    const result = mergeField(rule, input);
    if (!result) continue;
    if (result.toPartnerCenter !== undefined) toPartnerCenter[rule.field] = result.toPartnerCenter;
    if (result.toCrm !== undefined) toCrm[rule.field] = result.toCrm;
    if (result.unsent) unsent[rule.field] = result.unsent;
    if (result.base) base[rule.field] = { ...result.base, column: columnOf(input, rule.field) };
    events.push(...result.events);
    const shadow = { ...result.shadow, column: columnOf(input, rule.field) };
    if (!sameShadow(input.shadow.fields[rule.field], shadow)) {
      fields[rule.field] = shadow;
      moved = true;
    }
  }
  return {
    toPartnerCenter: toPartnerCenter as DealValues,
    toCrm: toCrm as DealValues,
    fields,
    unsent,
    base,
    events,
    moved,
  };
}

const known = ({ crm, pc, rewritten, putBack, column }: FieldShadow): string =>
  JSON.stringify([crm, pc, { rewritten, putBack, column }]);

function sameShadow(a: FieldShadow | undefined, b: FieldShadow): boolean {
  return a !== undefined && known(a) === known(b);
}

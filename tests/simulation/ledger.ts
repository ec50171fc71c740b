/**
 * Who wrote what when: every value that a deal's field has ever shown on either side, in the order in which it showed.
 * An opportunity that a lead was qualified into goes on with the lead's.
 *
 * Looked up in the services' own stores after each step and each write, so it is told nothing by the worker.
 */
import type { Row } from '../../emulators/dataverse';
import { recordsOf, type CrmRecord } from './records';
import type { Services } from './services';
import { Successions } from './successions';
import { partnerCenterValues, valuesOf, type Values } from './values';

export type Side = 'crm' | 'pc';
export type By = 'seller' | 'portal' | 'microsoft' | 'admin' | 'worker' | 'start' | 'clock';

export interface Version {
  readonly sequence: number;
  readonly at: number;
  /** By the services' clocks, milliseconds since 1970. */
  readonly time: number;
  readonly value: string;
  readonly by: By;
  /** Written on a lead that was qualified already: it may still go along, and need not. */
  readonly late?: true;
}

export interface Edit extends Version {
  readonly side: Side;
  readonly entity: string;
  readonly field: string;
}

export class Ledger {
  private readonly histories = new Map<string, Map<string, Version[]>>();
  private readonly seen = { crm: -1, pc: '' };
  private readonly named = new Map<string, Set<string>>();
  private present: ReadonlySet<string> = new Set();
  private readonly gone = new Map<string, number>();
  private readonly agreed = new Map<string, number>();
  /** What rows have said was on its way. */
  private readonly pendings = new Map<string, { readonly sequence: number; readonly text: string }[]>();
  /** What rows remember since a backup was restored that knew less: of no use until they are written again. */
  private readonly outdated = new Map<string, unknown>();
  /** When leads were qualified into an opportunity: what is said on them later concerns nobody. */
  private readonly left = new Map<string, { readonly sequence: number; readonly opportunity: string }>();
  /** Of which leads opportunities were made. */
  private readonly begun = new Map<string, string>();
  /** When these opportunities showed their lead's referral. */
  private readonly tied = new Map<string, number>();
  /** Fields that the opportunity of a lead did not get from it, and has not shown yet. */
  private readonly notCopied = new Map<string, Set<string>>();
  readonly successions: Successions;
  sequence = 0;

  constructor(
    private readonly services: Services,
    private readonly now: () => number,
    private readonly time: () => number,
  ) {
    this.successions = new Successions(services);
  }

  /** Notes what shows now and did not before. */
  observe(by: By): void {
    const { dataverse, partnerCenter } = this.services;
    const { version } = dataverse.store;
    if (version !== this.seen.crm) {
      this.seen.crm = version;
      const records = recordsOf(this.services);
      for (const record of records) {
        const origin = this.originOf(record);
        this.note('crm', record.id, valuesOf(this.services, record), by, origin);
        if (origin) {
          this.left.set(origin, { sequence: this.sequence, opportunity: record.id });
          this.begun.set(record.id, origin);
        }
        const isTied =
          by === 'worker' && this.begun.has(record.id) && record.values['cosell_referralidentifier'] != null;
        if (isTied && !this.tied.has(record.id)) this.tied.set(record.id, this.sequence);
        if (origin && by === 'seller') this.successions.begin(record.id, origin);
        this.successions.look(record, by);
      }
      const present = new Set(records.map(({ id }) => id));
      for (const id of this.present) if (!present.has(id)) this.gone.set(id, this.sequence);
      for (const [lead, { opportunity }] of this.left) {
        // Without its opportunity a lead goes on by itself, and so it may when it is reopened.
        const isOpen = dataverse.store.get('lead', lead)?.values['statecode'] === 0;
        if (isOpen || !present.has(opportunity)) this.left.delete(lead);
      }
      this.present = present;
      this.noteAgreed();
    }
    const referrals = partnerCenter.referrals();
    const stamp = referrals.map((one) => one.eTag).join();
    if (stamp === this.seen.pc) return;
    this.seen.pc = stamp;
    for (const referral of referrals) {
      this.note('pc', referral.id, partnerCenterValues(referral), by);
      this.named.set(referral.id, this.records(referral.id).add(referral.externalReferenceId?.toLowerCase() ?? ''));
    }
  }

  /** Until when what was said on a record went with it, since it was deleted; 0 for one that never was. */
  deleted(record: string): number {
    return this.gone.get(record) ?? 0;
  }

  /** As long as the record was what the deal is worked on with: a lead until it became an opportunity. */
  inCharge(record: string, { sequence }: Version): boolean {
    return sequence <= (this.left.get(record)?.sequence ?? Infinity);
  }

  /** The lead that this opportunity was made of. */
  leadOf(record: string): string | undefined {
    return this.begun.get(record);
  }

  /** Said before the opportunity went on with its lead's referral: on the lead, or on what nobody had compared yet. */
  saidBeforeTied(record: string, { sequence }: Version): boolean {
    return this.begun.has(record) && sequence <= (this.tied.get(record) ?? Infinity);
  }

  /** Restores, and notes which rows remember something else than before, of what was agreed or of what was on its way. */
  restoring(restore: () => void): void {
    const { rows } = this.services.dataverse.store.table('cosell_referral');
    const memories = (): Map<string, string> =>
      new Map(
        [...rows].map(([key, { values }]) => [
          key,
          `${String(values['cosell_shadow'])} ${String(values['cosell_pending'])}`,
        ]),
      );
    const before = memories();
    this.successions.forget();
    restore();
    for (const [key, memory] of memories()) {
      if (memory === before.get(key)) continue;
      this.outdated.set(key, rows.get(key)?.values['cosell_shadow']);
      this.agreed.delete(key);
    }
    this.observe('admin');
  }

  /** What a restore has made of the row's shadow, unless it is the same as before. */
  remembered(row: string): string | undefined {
    const shadow = this.outdated.get(row);
    return typeof shadow === 'string' ? shadow : undefined;
  }

  /** Since when the row has known, without a break, what both sides agree on; never: Infinity. */
  agreedSince(row: string): number {
    return this.agreed.get(row) ?? Infinity;
  }

  /** What the row said was on its way then, as it stands there. */
  underWay(row: string, sequence: number): string {
    return this.pendings.get(row)?.findLast((one) => one.sequence <= sequence)?.text ?? '';
  }

  /** Every record that the referral has named as its own: one that was deleted, and the one that came in after it. */
  records(referral: string): Set<string> {
    return this.named.get(referral) ?? new Set();
  }

  history(side: Side, entity: string, field: string): readonly Version[] {
    return this.histories.get(`${side}/${entity}`)?.get(field) ?? [];
  }

  fields(side: Side, entity: string): readonly string[] {
    return [...(this.histories.get(`${side}/${entity}`)?.keys() ?? [])];
  }

  /** Every change that a person made to what was there already. */
  edits(): Edit[] {
    const found: Edit[] = [];
    for (const [key, fields] of this.histories) {
      const [side = '', entity = ''] = key.split('/');
      for (const [field, versions] of fields) {
        for (const version of versions.slice(1)) {
          if (!version.late && (version.by === 'seller' || version.by === 'portal'))
            found.push({ ...version, side: side as Side, entity, field });
        }
      }
    }
    return found;
  }

  private noteAgreed(): void {
    const { rows } = this.services.dataverse.store.table('cosell_referral');
    for (const [key, { values }] of rows) {
      const text = String(values['cosell_pending'] ?? '');
      const known = this.pendings.get(key) ?? [];
      if (known.at(-1)?.text !== text) this.pendings.set(key, [...known, { sequence: this.sequence, text }]);
    }
    for (const key of this.agreed.keys()) if (!knows(rows.get(key)?.values)) this.agreed.delete(key);
    for (const [key, { values }] of rows)
      if (!this.agreed.has(key) && knows(values) && values['cosell_shadow'] !== this.outdated.get(key))
        this.agreed.set(key, this.sequence);
  }

  /** The lead that this opportunity, seen for the first time, was made of. */
  private originOf({ table, id, values }: CrmRecord): string {
    const lead = String(values['originatingleadid'] ?? '');
    if (table === 'lead' || lead === '' || this.histories.has(`crm/${id}`)) return '';
    const row = this.services.dataverse.store.get('lead', lead)?.values;
    return row?.['qualifyingopportunityid'] === id ? lead : '';
  }

  private note(side: Side, entity: string, values: Values, by: By, origin = ''): void {
    const key = `${side}/${entity}`;
    const first = !this.histories.has(key);
    const fields = this.histories.get(key) ?? this.inherited(entity, values, origin);
    this.histories.set(key, fields);
    const sequence = ++this.sequence;
    const notCopied = this.notCopied.get(entity);
    const add = (field: string, value: string): void => {
      if (notCopied?.has(field) && value === '') return;
      notCopied?.delete(field);
      const versions = fields.get(field);
      this.goesAlong(entity, field, { sequence, at: this.now(), time: this.time(), value, by, late: true });
      if (!versions) {
        const version = { sequence, at: this.now(), time: this.time(), value, by };
        // What a member was before anybody spoke of it: absent.
        fields.set(field, first ? [version] : [{ ...version, value: '', by: 'start', sequence: 0 }, version]);
      } else if (versions.at(-1)?.value !== value)
        versions.push({ sequence, at: this.now(), time: this.time(), value, by });
    };
    for (const [field, value] of Object.entries(values)) add(field, value);
    for (const field of fields.keys()) if (!(field in values)) add(field, '');
  }

  /** What its opportunity has not got from a qualified lead may still come, until it shows a value of its own. */
  private goesAlong(lead: string, field: string, version: Version): void {
    const heir = this.left.get(lead)?.opportunity ?? '';
    const versions = this.histories.get(`crm/${heir}`)?.get(field);
    if (this.notCopied.get(heir)?.has(field) && versions?.at(-1)?.value !== version.value) versions?.push(version);
  }

  /** What was said on the lead; where qualifying filled another column with it, it is still the last word. */
  private inherited(entity: string, values: Values, origin: string): Map<string, Version[]> {
    const before = [...(this.histories.get(`crm/${origin}`) ?? [])];
    const lost = before.filter(([field]) => (values[field] ?? '') === '').map(([field]) => field);
    if (lost.length > 0) this.notCopied.set(entity, new Set(lost));
    return new Map(before.map(([field, versions]) => [field, [...versions]]));
  }
}

/** From the values that both sides showed, or from those with which a referral is being made. */
function knows(row: Row | undefined): boolean {
  const pending = String(row?.['cosell_pending']);
  // What is noted with the first write of a comparison is not agreed on before that write is done.
  const isFirst = !row?.['cosell_rawstatus'] && /"pc":/.test(pending);
  return (!isFirst && /"fields":\{"/.test(String(row?.['cosell_shadow']))) || /"snapshot":/.test(pending);
}

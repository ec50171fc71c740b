/**
 * The mapping against the live columns: every problem at once, each with the field and what to do.
 *
 * A column that is missing, read-only, of another type or mandatory would otherwise show up as one refused deal at a
 * time. Columns that are mandatory only by a business rule are not visible in metadata. Pure.
 */
import type { FieldName } from '../../../domain/deal';
import { mappingFor, type MappingDirection } from '../../../domain/mapping';
import { SyncError } from '../errors';
import type { RecordType } from '../ports';
import type { ColumnFacts } from './column-facts';
import type { Environment } from './environment';
import { choices } from './generated/schema';
import { defaultColumns, type CrmMapping, type MovableField } from './mapping';
import { fieldKinds, type ValueKind } from './record-columns';

/** AttributeTypes that can hold a kind of value. */
const fitting: Readonly<Record<ValueKind['kind'], readonly string[]>> = {
  text: ['String', 'Memo'],
  day: ['DateTime'],
  yesNo: ['Boolean'],
  choice: ['Picklist'],
  salesStage: ['Picklist', 'String'],
  reason: ['Picklist', 'String', 'Memo'],
  campaign: ['Lookup', 'String'],
};

/** Room that Partner Center's texts need; a shorter column would make every long text a refused write. */
const neededRoom: Partial<Record<MovableField, number>> = { name: 100, dealNotes: 1000 };

/** Columns that we fill, or the platform does, on what we create. */
const filledByUs: Readonly<Record<'opportunity' | 'lead' | 'account' | 'contact', readonly string[]>> = {
  opportunity: [
    'name',
    'customerid',
    'parentaccountid',
    'parentcontactid',
    'transactioncurrencyid',
    'ownerid',
    'estimatedvalue',
    'estimatedclosedate',
  ],
  lead: ['subject', 'lastname', 'firstname', 'companyname', 'ownerid', 'transactioncurrencyid'],
  account: ['name', 'ownerid'],
  contact: ['lastname', 'firstname', 'emailaddress1', 'ownerid'],
};

/** @throws SyncError MAPPING_INVALID listing all problems */
export function checkMapping(mapping: CrmMapping, environment: Environment): void {
  const problems = [
    ...(['opportunity', 'lead'] as const).flatMap((type) => fieldProblems(type, mapping, environment.columns(type))),
    ...accountProblems(mapping, environment.columns('account')),
    ...(['opportunity', 'lead', 'account', 'contact'] as const).flatMap((table) =>
      defaultProblems(table, mapping, environment.columns(table)),
    ),
  ];
  if (problems.length > 0) throw new SyncError('MAPPING_INVALID', { detail: problems.join('; ') });
}

function fieldProblems(type: RecordType, mapping: CrmMapping, columns: ReadonlyMap<string, ColumnFacts>): string[] {
  const mapped = Object.entries(mapping.columns[type]) as [MovableField, string][];
  return mapped.flatMap(([field, column]) => {
    const where = `${field}: column ${column} of ${type}`;
    const facts = columns.get(column);
    const isDefault = defaultColumns[type][field] === column;
    // Microsoft's own default columns differ between versions of Sales: only a column that was asked for must exist.
    if (!facts) return isDefault ? [] : [`${where} does not exist; use its logical name`];
    const problems: string[] = [];
    const types = fitting[fieldKinds[field].kind];
    if (!types.includes(facts.type))
      problems.push(`${where} is ${facts.type}; choose one of type ${types.join(' or ')}`);
    else if (!isDefault) problems.push(...contentProblems(field, facts).map((problem) => `${where} ${problem}`));
    if (writesToCrm(field, mapping) && !facts.forUpdate)
      problems.push(`${where} is read-only; choose another or set direction toPartnerCenter`);
    const room = neededRoom[field];
    if (room !== undefined && facts.maxLength !== null && facts.maxLength < room) {
      problems.push(`${where} holds ${facts.maxLength} characters; it needs at least ${room}`);
    }
    const others = mapped.filter(([other, its]) => other < field && its === column).map(([other]) => other);
    if (others.length > 0) problems.push(`${where} carries ${others.join(', ')} already; give each field its own`);
    return problems;
  });
}

/** The type fits, but not what such a column holds. */
function contentProblems(field: MovableField, { name, type, behavior, options }: ColumnFacts): string[] {
  const kind = fieldKinds[field];
  if (kind.kind === 'day' && behavior !== null && behavior !== 'DateOnly')
    return [`holds a moment (${behavior}), which is another day elsewhere; choose one whose behavior is Date only`];
  if (kind.kind === 'campaign' && type === 'Lookup' && name !== 'campaignid')
    return ['is a lookup; choose campaignid or a text column'];
  const choice = kind.kind === 'reason' ? 'closeReason' : kind.kind === 'choice' ? kind.choice : undefined;
  if (type !== 'Picklist' || choice === undefined) return [];
  // The numbers of another choice would go to Microsoft as they are.
  const missing = Object.values<number>(choices[choice as keyof typeof choices]).filter(
    (option) => !options.includes(option),
  );
  return missing.length > 0 ? [`lacks options of ours (${missing.join(', ')}); choose one with our choice`] : [];
}

function writesToCrm(field: FieldName, mapping: CrmMapping): boolean {
  const direction: MappingDirection =
    mapping.rules.find((rule) => rule.field === field)?.direction ?? mappingFor(field).direction;
  return direction === 'both' || direction === 'toCrm';
}

function accountProblems(mapping: CrmMapping, columns: ReadonlyMap<string, ColumnFacts>): string[] {
  const asked: readonly (readonly [string, string | null])[] = [
    ['customer.duns', mapping.dunsColumn],
    ['customer.country', mapping.countryColumn],
  ];
  return asked.flatMap(([field, column]) => {
    if (column === null) return [];
    const facts = columns.get(column);
    if (!facts) return [`${field}: column ${column} of account does not exist; use its logical name`];
    return facts.type === 'String'
      ? []
      : [`${field}: column ${column} of account is ${facts.type}; choose a text column`];
  });
}

function defaultProblems(
  table: 'opportunity' | 'lead' | 'account' | 'contact',
  mapping: CrmMapping,
  columns: ReadonlyMap<string, ColumnFacts>,
): string[] {
  const defaults = mapping.defaults[table];
  const problems = Object.keys(defaults).flatMap((column) => {
    const facts = columns.get(column);
    if (!facts) return [`defaults.${table}: column ${column} does not exist; use its logical name`];
    return facts.forCreate ? [] : [`defaults.${table}: column ${column} cannot be set on creation; leave it out`];
  });
  const mapped = table === 'opportunity' || table === 'lead' ? Object.values(mapping.columns[table]) : [];
  const filled = new Set([...filledByUs[table], ...mapped, ...Object.keys(defaults)]);
  const missing = [...columns.values()].filter(
    (facts) => isMandatory(facts) && facts.forCreate && !filled.has(facts.name),
  );
  return [
    ...problems,
    ...missing.map((facts) => `defaults.${table}: column ${facts.name} is mandatory here; give it a default`),
  ];
}

/** The platform's own mandatory columns fill themselves; a customer's do not. */
function isMandatory(facts: ColumnFacts): boolean {
  return (
    facts.custom &&
    !facts.name.startsWith('cosell_') &&
    (facts.required === 'ApplicationRequired' || facts.required === 'SystemRequired')
  );
}

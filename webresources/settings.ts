/**
 * Where this environment keeps a deal's values, as an admin set it in the environment variables.
 *
 * The same variables that the worker reads (Microsoft Learn: Dynamics 365 co-sell connector, environment variables).
 * Read once per page. A seller who may not read them is not judged by guessed columns: the caller learns the failure.
 */
import { own, stock } from './columns';
import { findByIds, refIn, textIn, type Records } from './records';

/** Fields of a deal that stand in one column each, and that an admin may move to another column. */
export interface Columns {
  readonly name: string;
  readonly closeDate: string;
  readonly dealNotes: string;
  readonly helpRequired: string;
  readonly visibility: string;
  readonly consent: string;
  readonly purchaseIntent: string;
  readonly coSellType: string;
  readonly partnerRole: string;
  readonly solutionArea: string;
  readonly solutionPlay: string;
}

export interface Settings {
  /** Column of each field; '' where the admin has switched the field off. */
  readonly columns: Columns;
  readonly value: string;
  readonly currency: string;
  /** Account's column with the country. */
  readonly country: string;
}

const defaultColumns: Columns = {
  name: stock.name,
  closeDate: stock.closeDate,
  dealNotes: own.dealNotes,
  helpRequired: own.help,
  visibility: own.visibility,
  consent: own.consent,
  purchaseIntent: own.purchaseIntent,
  coSellType: own.coSellType,
  partnerRole: own.partnerRole,
  solutionArea: own.solutionArea,
  solutionPlay: own.solutionPlay,
};

export const defaultSettings: Settings = {
  columns: defaultColumns,
  value: stock.value,
  currency: stock.currency,
  country: 'address1_country',
};

const variables = {
  value: 'cosell_dealvaluefield',
  currency: 'cosell_dealvaluecurrencyfield',
  country: 'cosell_customeraccountcountrycodefield',
  mapping: 'cosell_mapping',
} as const;

let kept: Promise<Settings> | undefined;

/** The settings of this environment. A failed read is not kept, so that the next save asks again. */
export function settingsOf(records: Records): Promise<Settings> {
  kept ??= readSettings(records).catch((error: unknown) => {
    kept = undefined;
    throw error;
  });
  return kept;
}

/** For a page that lives longer than a setting, and for tests. */
export function forgetSettings(): void {
  kept = undefined;
}

export async function readSettings(records: Records): Promise<Settings> {
  const where = Object.values(variables)
    .map((name) => `schemaname eq '${name}'`)
    .join(' or ');
  const select = ['environmentvariabledefinitionid', 'schemaname', 'defaultvalue'];
  const definitions = await records.find('environmentvariabledefinition', { select, where });
  const values = await findByIds(records, {
    table: 'environmentvariablevalue',
    column: '_environmentvariabledefinitionid_value',
    ids: definitions.map((row) => textIn(row, 'environmentvariabledefinitionid')),
    select: ['value', 'environmentvariabledefinitionid'],
  });
  const current = new Map(values.map((row) => [refIn(row, 'environmentvariabledefinitionid')?.id ?? '', row]));
  const given = (name: string): string => {
    const definition = definitions.find((row) => textIn(row, 'schemaname').toLowerCase() === name);
    const value = current.get(textIn(definition, 'environmentvariabledefinitionid').toLowerCase());
    return (value ? textIn(value, 'value') : textIn(definition, 'defaultvalue')).trim();
  };
  const mapping = readMapping(given(variables.mapping));
  return {
    columns: mapping.columns,
    value: nameOr(given(variables.value), defaultSettings.value),
    currency: nameOr(given(variables.currency), defaultSettings.currency),
    country: mapping.country ?? nameOr(given(variables.country), defaultSettings.country),
  };
}

const logicalName = /^[a-z][a-z0-9_]{0,127}$/;
const nameOr = (text: string, fallback: string): string => (logicalName.test(text) ? text : fallback);

/** The admin's mapping; the worker reports what is wrong with it, here it counts as not given. */
function readMapping(text: string): { columns: Columns; country: string | undefined } {
  const mapping = objectIn(text);
  const fields = member(mapping, 'fields');
  const columns = Object.fromEntries(
    Object.entries(defaultColumns).map(([field, column]) => {
      const to = member(fields, field)['opportunity'];
      if (to === null) return [field, ''];
      return [field, typeof to === 'string' ? nameOr(to, column as string) : column];
    }),
  ) as unknown as Columns;
  const country = member(mapping, 'account')['country'];
  return { columns, country: typeof country === 'string' ? nameOr(country, defaultSettings.country) : undefined };
}

type Json = Readonly<Record<string, unknown>>;

function objectIn(text: string): Json {
  try {
    return asObject(text === '' ? {} : JSON.parse(text));
  } catch {
    return {};
  }
}

const asObject = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const member = (value: Json, name: string): Json => asObject(value[name]);

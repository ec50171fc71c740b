/**
 * Columns of a table as the metadata tells them: what they hold, and what they have no room for.
 */
import { asObject, asRows, numberOf, textOf, type Row } from './odata';

export interface ColumnFacts {
  readonly name: string;
  /** AttributeType of the metadata: 'String', 'Money', 'Picklist', 'DateTime', ... */
  readonly type: string;
  readonly required: string;
  readonly forCreate: boolean;
  readonly forUpdate: boolean;
  readonly custom: boolean;
  readonly maxLength: number | null;
  /** Least and greatest number that it takes. */
  readonly range: Range | null;
  /** Fraction digits that it holds, or that those of the record's currency count. */
  readonly digits: number | 'currency' | null;
  /** Of a date: 'DateOnly', 'UserLocal' or 'TimeZoneIndependent'. */
  readonly behavior: string | null;
  /** Numbers of a choice's options. */
  readonly options: readonly number[];
  /** Label in the user's language and all installed ones, for telling a label from a name. */
  readonly labels: readonly string[];
}

export interface Range {
  readonly min: number | string;
  readonly max: number | string;
}

/** What is asked of columns with numbers, by kind (Microsoft Learn: "MoneyAttributeMetadata" and its like). */
export const numberCasts = {
  Money: 'LogicalName,MinValue,MaxValue,Precision,PrecisionSource',
  Decimal: 'LogicalName,MinValue,MaxValue,Precision',
  Double: 'LogicalName,MinValue,MaxValue,Precision',
  Integer: 'LogicalName,MinValue,MaxValue',
} as const;

/**
 * Days that a date column takes. The first is in the service's own refusal (0x80040239); the last is the SDK's
 * DateTimeAttributeMetadata.MaxSupportedValue, by experience.
 */
const days: Range = { min: '1753-01-01', max: '9999-12-30' };

/** @param priceDigits the organization's fraction digits of prices; null: not readable */
export function columnsOf(
  table: string,
  rows: (name: string) => Row[],
  priceDigits: number | null,
): ReadonlyMap<string, ColumnFacts> {
  const maxLengths = new Map(
    [...rows(`string ${table}`), ...rows(`memo ${table}`)].map((row) => [textOf(row, 'LogicalName'), row['MaxLength']]),
  );
  const behaviors = new Map(
    rows(`date ${table}`).map((row) => [textOf(row, 'LogicalName'), asObject(row['DateTimeBehavior'])]),
  );
  const numbers = new Map(
    Object.keys(numberCasts).flatMap((kind) =>
      rows(`${kind} ${table}`).map((row) => [textOf(row, 'LogicalName'), row]),
    ),
  );
  const choices = new Map(rows(`choice ${table}`).map((row) => [textOf(row, 'LogicalName'), optionsOf(row)]));
  return new Map(
    rows(`attributes ${table}`).map((row) => {
      const name = textOf(row, 'LogicalName');
      const length = maxLengths.get(name);
      const type = textOf(row, 'AttributeType');
      return [
        name,
        {
          name,
          type,
          required: textOf(asObject(row['RequiredLevel']), 'Value'),
          forCreate: row['IsValidForCreate'] === true,
          forUpdate: row['IsValidForUpdate'] === true,
          custom: row['IsCustomAttribute'] === true,
          maxLength: typeof length === 'number' ? length : null,
          range: type === 'DateTime' ? days : rangeOf(numbers.get(name)),
          digits: digitsOf(type, numbers.get(name), priceDigits),
          behavior: textOf(behaviors.get(name), 'Value') || null,
          options: (choices.get(name) ?? []).map((option) => Number(option['Value'])),
          labels: labelsOf(row['DisplayName']),
        },
      ] as const;
    }),
  );
}

function rangeOf(row: Row | undefined): Range | null {
  const [min, max] = [numberOf(row, 'MinValue'), numberOf(row, 'MaxValue')];
  return min === null || max === null ? null : { min, max };
}

/** A money column takes its digits from where PrecisionSource says (Microsoft Learn: "Column data types"). */
function digitsOf(type: string, row: Row | undefined, priceDigits: number | null): ColumnFacts['digits'] {
  if (type === 'Integer') return 0;
  if (type !== 'Money') return numberOf(row, 'Precision');
  const source = numberOf(row, 'PrecisionSource');
  return source === 0 ? numberOf(row, 'Precision') : source === 1 ? priceDigits : 'currency';
}

export function optionsOf(row: Row | undefined): Row[] {
  return asRows(asObject(row?.['OptionSet'])?.['Options']);
}

/** A Label with all its localized texts. */
export function labelsOf(label: unknown): string[] {
  const localized = asRows(asObject(label)?.['LocalizedLabels']).map((entry) => textOf(entry, 'Label'));
  const own = textOf(asObject(asObject(label)?.['UserLocalizedLabel']), 'Label');
  return [...new Set([...localized, own].filter((text) => text !== ''))];
}

/**
 * One given value -> one stored value, or the refusal that the platform documents for it.
 *
 * Lookups are not here: whether their target exists is the records' business. Pure.
 * Sources: Microsoft Learn "Table column types", "Behavior and format of the Date and Time column",
 * "Execute batch operations using the Web API" (length error), "Web service error codes".
 */
import { badDate, badOption, cannotConvert, outOfRange, tooLong } from './errors';
import { isGuid, roundTo } from './text';
import type { Column, Value } from './types';

export interface ValueContext {
  readonly table: string;
  readonly emptyTextBecomesNull: boolean;
  readonly lastDay: string;
}

export function toStored(column: Column, given: unknown, context: ValueContext): Value {
  if (given === null) return null;
  switch (column.type) {
    case 'String':
    case 'Memo':
      return textValue(column, given, context);
    case 'Integer':
    case 'BigInt':
      return wholeNumber(column, given, context.table);
    case 'Decimal':
    case 'Double':
    case 'Money':
      return fractional(column, given, context.table);
    case 'Boolean':
      if (typeof given !== 'boolean') throw cannotConvert(given, 'Edm.Boolean');
      return given;
    case 'Picklist':
    case 'State':
    case 'Status':
      return option(column, given, context.table);
    case 'DateTime':
      return column.behavior === 'DateOnly' ? calendarDay(given, context) : instant(given, context);
    case 'Uniqueidentifier':
      if (!isGuid(given)) throw cannotConvert(given, 'Edm.Guid');
      return given.toLowerCase();
    default:
      throw new Error(`${column.name} is a lookup`);
  }
}

function textValue(column: Column, given: unknown, context: ValueContext): Value {
  if (typeof given !== 'string') throw cannotConvert(given, 'Edm.String');
  if (column.maxLength !== undefined && given.length > column.maxLength) {
    throw tooLong(context.table, column.name, column.maxLength);
  }
  return given === '' && context.emptyTextBecomesNull ? null : given;
}

function wholeNumber(column: Column, given: unknown, table: string): number {
  if (typeof given !== 'number' || !Number.isInteger(given)) throw cannotConvert(given, 'Edm.Int32');
  if (outside(column, given)) throw outOfRange(table, column.name, true);
  return given;
}

/** Rounded to the column's own precision (Microsoft Learn "Create a table row": 47.639583 is stored as 47.63958). */
function fractional(column: Column, given: unknown, table: string): number {
  if (typeof given !== 'number' || !Number.isFinite(given)) throw cannotConvert(given, 'Edm.Decimal');
  if (outside(column, given)) throw outOfRange(table, column.name, false);
  // A money column may take its precision from the currency, which is known only with the whole row.
  const own = column.type !== 'Money' || column.precisionSource === 0;
  return own && column.precision !== undefined ? roundTo(given, column.precision) : given;
}

function outside(column: Column, value: number): boolean {
  return (column.min !== undefined && value < column.min) || (column.max !== undefined && value > column.max);
}

function option(column: Column, given: unknown, table: string): number {
  if (typeof given !== 'number' || !Number.isInteger(given)) throw cannotConvert(given, 'Edm.Int32');
  const options = column.options ?? [];
  if (options.some((each) => each.value === given)) return given;
  throw badOption(table, column.name, given, options.map((each) => each.value).join(','));
}

const dayPattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Edm.Date takes a plain day; whether a full timestamp is refused is UNVERIFIED, and refused here. */
function calendarDay(given: unknown, { lastDay }: ValueContext): string {
  if (typeof given !== 'string' || !dayPattern.test(given)) throw cannotConvert(given, 'Edm.Date');
  const parsed = new Date(`${given}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== given) {
    throw cannotConvert(given, 'Edm.Date');
  }
  if (parsed.getUTCFullYear() < 1753 || given > lastDay) throw badDate();
  return given;
}

const instantPattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Kept as UTC in whole seconds; without an offset it is taken as UTC. */
function instant(given: unknown, { lastDay }: ValueContext): string {
  if (typeof given !== 'string' || !instantPattern.test(given)) throw cannotConvert(given, 'Edm.DateTimeOffset');
  const zoned = /(Z|[+-]\d{2}:\d{2})$/.test(given) && given.includes('T');
  const parsed = new Date(zoned ? given : given.includes('T') ? `${given}Z` : `${given}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime())) throw cannotConvert(given, 'Edm.DateTimeOffset');
  if (parsed.getUTCFullYear() < 1753 || parsed.toISOString().slice(0, 10) > lastDay) throw badDate();
  return seconds(parsed.getTime());
}

/** Emulator time -> the wire's `2026-01-02T03:04:05Z`. */
export function seconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

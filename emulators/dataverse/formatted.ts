/**
 * Formatted values for the FormattedValue annotation: choices in the user's language, numbers and
 * dates as a user with US settings reads them. The user's own format settings aren't modelled.
 */
import { labelIn } from './labels';
import { displayName, referenceOf } from './lookups';
import { isLookup, type Column, type Row } from './types';
import type { World } from './world';

/** `language` is the caller's: choices are shown in it. */
export function formattedValue(world: World, column: Column, row: Row, language: number): string | undefined {
  const value = row[column.name];
  if (value === null || value === undefined) return undefined;
  if (isLookup(column)) {
    const reference = referenceOf(column, row);
    return (reference && displayName(world, reference)) ?? undefined;
  }
  switch (column.type) {
    case 'Picklist':
    case 'State':
    case 'Status':
    case 'Boolean': {
      const chosen = column.options?.find((option) => option.value === Number(value));
      return chosen && labelIn(chosen, language);
    }
    case 'Money':
      return `${currencySymbol(world, row)}${grouped(Number(value), column.precision ?? 2)}`;
    case 'Decimal':
    case 'Double':
      return grouped(Number(value), column.precision ?? 2);
    case 'Integer':
    case 'BigInt':
      return grouped(Number(value), 0);
    case 'DateTime':
      return dateText(column, String(value));
    default:
      return undefined;
  }
}

function currencySymbol(world: World, row: Row): string {
  const id = row['transactioncurrencyid'];
  const currency = typeof id === 'string' ? world.store.get('transactioncurrency', id) : undefined;
  return String(currency?.values['currencysymbol'] ?? '');
}

function grouped(value: number, decimals: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

function dateText(column: Column, value: string): string {
  const [year, month, day] = value.slice(0, 10).split('-').map(Number);
  const date = `${month ?? 0}/${day ?? 0}/${year ?? 0}`;
  if (column.behavior === 'DateOnly' || column.format === 'DateOnly') return date;
  const hours = Number(value.slice(11, 13));
  return `${date} ${hours % 12 === 0 ? 12 : hours % 12}:${value.slice(14, 16)} ${hours < 12 ? 'AM' : 'PM'}`;
}

/**
 * Money: precision from the currency, exchange rate kept with the row, and the base amounts.
 *
 * Sources: Microsoft Learn "Create a table row using the Web API" (an omitted currency is filled by
 * the server), "Column data types" (PrecisionSource), "Transaction currency (currency) entity", "Web service error codes" (0x80048cfb).
 */
import { assign, type Draft } from './draft';
import { DataverseError } from './errors';
import { roundTo } from './text';
import type { Column, Row } from './types';
import type { World } from './world';

export function applyCurrency(draft: Draft): void {
  const money = [...draft.table.columns.values()].filter(isOwnMoney);
  if (money.length === 0 || !draft.table.columns.has('transactioncurrencyid')) return;
  const filled = money.some((column) => typeof draft.after[column.name] === 'number');
  if (filled && draft.after['transactioncurrencyid'] == null) fillCurrency(draft);
  const touched = draft.changed.has('transactioncurrencyid') || money.some((column) => draft.changed.has(column.name));
  if (!touched) return;
  const currency = currencyOf(draft.world, draft.after);
  if (!currency) return;
  const rate = Number(currency['exchangerate'] ?? 1);
  assign(draft, 'exchangerate', rate);
  for (const column of money) convert(draft, column, rate, currency);
}

function convert(draft: Draft, column: Column, rate: number, currency: Row): void {
  const value = draft.after[column.name];
  const base = `${column.name}_base`;
  if (typeof value !== 'number') {
    if (draft.changed.has(column.name)) assign(draft, base, null);
    return;
  }
  const rounded = roundTo(value, precisionOf(draft.world, column, currency));
  draft.after[column.name] = rounded;
  assign(draft, base, roundTo(rounded / rate, 4));
}

function precisionOf(world: World, column: Column, currency: Row): number {
  if (column.precisionSource === 2) return Number(currency['currencyprecision'] ?? 2);
  if (column.precisionSource === 1) return Number(organizationOf(world)['pricingdecimalprecision'] ?? 2);
  return column.precision ?? 2;
}

function fillCurrency(draft: Draft): void {
  const cleared = draft.before !== undefined && draft.changed.has('transactioncurrencyid');
  if (cleared || draft.world.switches.defaultCurrencyForApplicationUser === 'refuse') {
    throw new DataverseError(400, '0x80048cfb', 'The currency cannot be null.');
  }
  assign(draft, 'transactioncurrencyid', organizationOf(draft.world)['basecurrencyid'] ?? null);
}

function currencyOf(world: World, row: Row): Row | undefined {
  const id = row['transactioncurrencyid'];
  return typeof id === 'string' ? world.store.get('transactioncurrency', id)?.values : undefined;
}

export function organizationOf(world: World): Row {
  return world.store.get('organization', world.organizationId)?.values ?? {};
}

function isOwnMoney(column: Column): boolean {
  return column.type === 'Money' && !column.name.endsWith('_base');
}

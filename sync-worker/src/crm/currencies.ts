/**
 * The environment's currencies, kept in memory: a handful of rows that hardly ever change.
 *
 * Read at the first need, every ten minutes for their state, and again when an unknown id turns up, or one that was not
 * active: a deal may wait for an admin who has just activated it.
 */
import type { Clock } from '../ports';
import type { Batcher } from './batcher';
import type { Environment } from './environment';
import { jsonOf } from './failures';
import { asRows, numberOf, query, textOf } from './odata';

export interface Currency {
  readonly id: string;
  /** ISO 4217 code. */
  readonly code: string;
  readonly active: boolean;
  /** Fraction digits of its amounts; null: not readable. */
  readonly digits: number | null;
}

export interface CurrencyTable {
  byId(id: string): Currency | undefined;
  byCode(code: string): Currency | undefined;
  /** One of each code. */
  readonly all: readonly Currency[];
}

export interface Currencies {
  /** The table, read again first when one of these ids is not in it as active. */
  table(ids?: readonly string[]): Promise<CurrencyTable>;
}

const keptFor = 600_000;

export function createCurrencies(batcher: Batcher, environment: () => Promise<Environment>, clock: Clock): Currencies {
  let known: { readonly table: CurrencyTable; readonly at: number } | null = null;
  let reading: Promise<CurrencyTable> | null = null;

  const read = async (): Promise<CurrencyTable> => {
    const set = (await environment()).set('transactioncurrency');
    const answer = await batcher.read({
      method: 'GET',
      path: `${set}${query({ select: 'transactioncurrencyid,isocurrencycode,statecode,currencyprecision' })}`,
    });
    const rows = asRows(jsonOf(answer, 'currencies')['value']).map((row) => ({
      id: textOf(row, 'transactioncurrencyid').toLowerCase(),
      code: textOf(row, 'isocurrencycode').toUpperCase(),
      active: row['statecode'] === 0,
      digits: numberOf(row, 'currencyprecision'),
    }));
    const table = currencyTable(rows);
    known = { table, at: clock.monotonic() };
    return table;
  };

  return {
    table: async (ids = []) => {
      const fresh = known !== null && clock.monotonic() - known.at < keptFor;
      if (known && fresh && ids.every((id) => id === '' || known?.table.byId(id)?.active)) return known.table;
      reading ??= read().finally(() => (reading = null));
      return reading;
    },
  };
}

export function currencyTable(rows: readonly Currency[]): CurrencyTable {
  const byId = new Map(rows.map((row) => [row.id, row]));
  // Active before inactive: two rows may carry one code.
  const byCode = new Map([...rows].sort((a, b) => Number(a.active) - Number(b.active)).map((row) => [row.code, row]));
  return {
    byId: (id) => byId.get(id.toLowerCase()),
    byCode: (code) => byCode.get(code.toUpperCase()),
    all: [...byCode.values()],
  };
}

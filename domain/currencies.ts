/**
 * ISO 4217: which codes are currencies and how many digits an amount has.
 *
 * Metals, testing codes and units of account are left out of the table, since no deal is valued in them.
 */
import { currencyCodesByDigits } from './generated/currencies';

const digitsByCode: ReadonlyMap<string, number> = new Map(
  Object.entries(currencyCodesByDigits).flatMap(([digits, codes]) =>
    codes.split(' ').map((code) => [code, Number(digits)] as const),
  ),
);

/** Is the text a currency's alphabetic code, in capitals as both services write it? */
export function isCurrency(code: string): boolean {
  return digitsByCode.has(code);
}

/** Digits behind the point: 0 for JPY, 2 for EUR, 3 for KWD. An unknown code counts as 2, what most have. */
export function currencyDigits(code: string): number {
  return digitsByCode.get(code) ?? 2;
}

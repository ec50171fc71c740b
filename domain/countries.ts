/**
 * Countries as people write them.
 *
 * Turns codes and names in the languages of the product into alpha-2, because in CRMs the country is free
 * text more often than not. Never guesses: a text that names no country gives null, and validation says so.
 * Whoever only checks codes imports country-codes instead, which leaves the names out of a bundle.
 */
import { isCountryCode, readCountryCode } from './country-codes';
import { alpha2Codes, alpha3Codes } from './generated/country-codes';
import { countryNames } from './generated/country-names';
import { countryKey } from './country-key';

interface Names {
  readonly byKey: ReadonlyMap<string, string>;
  readonly display: ReadonlyMap<string, string>;
}

let names: Names | undefined;

/** Built at the first question, so that importing costs nothing. One line: code|display name|key|key ... */
function nameTable(): Names {
  if (names !== undefined) return names;
  const byKey = new Map<string, string>();
  const display = new Map<string, string>();
  for (const line of countryNames.split('\n')) {
    const code = line.slice(0, 2);
    display.set(code, line.slice(3, `${line}|`.indexOf('|', 3)));
    for (const name of line.slice(3).split('|')) byKey.set(countryKey(name), code);
  }
  const alpha2 = alpha2Codes.split(' ');
  alpha3Codes.split(' ').forEach((code, index) => byKey.set(code.toLowerCase(), String(alpha2[index])));
  names = { byKey, display };
  return names;
}

/**
 * Alpha-2 code of a country given as alpha-2, alpha-3, or by name in English, French, Swedish, German or
 * Chinese (both scripts), in any case, with or without diacritics and punctuation, common short names too.
 *
 * @returns null when the text names no country
 */
export function toIsoCountry(text: string | null | undefined): string | null {
  return readCountryCode(text) ?? nameTable().byKey.get(countryKey(text ?? '')) ?? null;
}

/** English name of a country, or null when the code is none. */
export function countryName(iso2: string): string | null {
  return nameTable().display.get(iso2.toUpperCase()) ?? null;
}

export { isCountryCode, readCountryCode };

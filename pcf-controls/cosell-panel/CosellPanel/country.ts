/**
 * A country as people write it -> its two-letter code, with the browser's names.
 *
 * The worker has a table of names and spellings; with it the panel would be twice its size. Codes and the names of
 * the product's languages are enough here: what is still not understood is only a warning, since the worker may know
 * a spelling that this does not.
 */
import { readCountryCode } from '../../../domain/country-codes';
import { countryKey } from '../../../domain/country-key';
import { alpha2Codes } from '../../../domain/generated/country-codes';

let names: Map<string, string> | undefined;

/** Built at the first name, since most accounts carry a code. */
function nameTable(): Map<string, string> {
  names ??= new Map(
    ['en', 'fr', 'sv', 'de', 'zh-Hant', 'zh-Hans'].flatMap((language) => {
      const words = new Intl.DisplayNames([language], { type: 'region' });
      return alpha2Codes.split(' ').map((code) => [countryKey(words.of(code) ?? ''), code] as const);
    }),
  );
  return names;
}

export function countryCode(text: string): string | null {
  return readCountryCode(text) ?? nameTable().get(countryKey(text)) ?? null;
}

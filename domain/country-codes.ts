/**
 * ISO 3166-1 codes only.
 *
 * Apart from the names, because a form control has 25 KB to live in and needs no more than this check.
 * Partner Center wants two letters (Microsoft Learn: "Bulk operations", "two-letter country code is required").
 */
import { alpha2Codes } from './generated/country-codes';

const known: ReadonlySet<string> = new Set(alpha2Codes.split(' '));

/** Is the text exactly an alpha-2 code in capitals, as a deal's country must be? */
export function isCountryCode(text: string): boolean {
  return known.has(text);
}

/** The alpha-2 code that a text is, in any case and with blanks around it; null for everything else. */
export function readCountryCode(text: string | null | undefined): string | null {
  const code = (text ?? '').trim().toUpperCase();
  return isCountryCode(code) ? code : null;
}

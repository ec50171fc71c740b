/**
 * The form under which a country's name is looked up.
 *
 * In a file of its own because the generated table is made with it: table and look-up must fold alike.
 */

/**
 * Fold a name: no case, no diacritics, "&" as "and", no punctuation and blanks at all, no leading article.
 * "Côte d’Ivoire", "cote d'ivoire" and "COTE D IVOIRE" become one.
 */
export function countryKey(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/æ/g, 'ae')
    .replace(/œ/g, 'oe')
    .replace(/ø/g, 'o')
    .replace(/&/g, 'and')
    .replace(/^\s*the\s+/, '')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

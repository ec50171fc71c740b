/**
 * A country as people write it -> its two-letter code, with the browser's names.
 *
 * The worker has a table of names and spellings; with it the panel would be twice its size. Codes and the names of
 * the product's languages are enough here: what is still not understood is only a warning, since the worker may know
 * a spelling that this does not.
 */
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** @returns undefined for what is neither a code nor a name that the browser knows */
export function countryCode(text: string): string | undefined {
  const { compare } = new Intl.Collator('en', { sensitivity: 'base', ignorePunctuation: true });
  const names = ['en', 'fr', 'sv', 'de', 'zh-Hant', 'zh-Hans'].map(
    (language) => new Intl.DisplayNames(language, { type: 'region', fallback: 'none' }),
  );
  const code = letters
    .flatMap((one) => letters.map((two) => one + two))
    .find((each) => {
      const [english, ...others] = names.map((name) => name.of(each));
      // A code without a name is none.
      return english && [each, english, ...others].some((word = '') => compare(word, text.trim()) === 0);
    });
  // The browser knows former codes too ("DD", "UK"), and what they were replaced by.
  return code && new Intl.Locale(`und-${code}`).region;
}

/**
 * Texts of the scripts in the user's language.
 *
 * The platform picks the RESX web resource by the user's language (Microsoft Learn: "RESX web resources"). Where it
 * gives none, because a customer's form was made without the dependency, English stands in: a key is no sentence.
 */
import { fill } from '../domain/finding';
import { english } from './english';

/** RESX web resources are asked for without language and extension. */
const resources = 'cosell_/strings/cosell';

export type Params = Readonly<Record<string, string>>;

/** Text of a key with `{name}` placeholders filled in; a parameter that is missing leaves nothing behind. */
export function text(key: string, params: Params = {}): string {
  return fill(known(key) ?? key, params);
}

/** The text as it is, or undefined when no language has the key: a newer worker may use codes that we do not know. */
export function known(key: string): string | undefined {
  return localized(key) || english[key];
}

function localized(key: string): string | undefined {
  try {
    // Typed as text, but null for a key that the file lacks.
    return (Xrm.Utility.getResourceString(resources, key) as string | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** BCP 47 tags of the languages that the product speaks, by the platform's numbers. */
const languageTags: Readonly<Record<number, string>> = { 1028: 'zh-TW', 1033: 'en-US', 1036: 'fr-FR', 1053: 'sv-SE' };

/** A day as the user's language writes it. */
export function dayText(at: Date): string {
  const { languageId } = Xrm.Utility.getGlobalContext().userSettings;
  return at.toLocaleDateString(languageTags[languageId] ?? 'en-US', { year: 'numeric', month: 'long', day: 'numeric' });
}

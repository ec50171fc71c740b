/**
 * Texts of a control in the user's language.
 *
 * The platform picks the resx file by the user's language; this only fills in placeholders. It knows no text itself:
 * a text in a view would stay English in every language.
 */

/** `{name}` in the text becomes `params.name`. A key without a text is shown as it is, so that it is noticed. */
export type Strings = (key: string, params?: Readonly<Record<string, string>>) => string;

export interface HasResources {
  readonly resources: { getString(id: string): string };
}

export function stringsOf(context: HasResources): Strings {
  return (key, params) => fill(context.resources.getString(key) || key, params ?? {});
}

/** In one pass, so that a value which itself holds braces (a customer's name may) is never read as a placeholder. */
function fill(text: string, params: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole);
}

/**
 * Labels in the languages that a solution brings; out-of-box ones are in English only.
 * Microsoft Learn "Query table definitions using the Web API": LocalizedLabels are all of them,
 * UserLocalizedLabel is the caller's, or the base language's where his has none.
 */
export interface Labelled {
  /** In the organization's base language. */
  readonly label: string;
  /** By LCID, where more languages are known. */
  readonly labels?: Readonly<Record<number, string>>;
}

export const baseLanguage = 1033;

export function labelIn({ label, labels }: Labelled, language: number): string {
  return labels?.[language] ?? label;
}

export function labelJson(labelled: Labelled, language: number): Record<string, unknown> {
  const { label, labels } = labelled;
  // The spread of an object whose names are numbers is slow, and most labels are in all of its languages.
  const all = Object.entries(labels && baseLanguage in labels ? labels : { [baseLanguage]: label, ...labels });
  const json = (text: string, code: number): object => ({ Label: text, LanguageCode: code, IsManaged: true });
  const own = labelled.labels?.[language] === undefined ? baseLanguage : language;
  return {
    LocalizedLabels: all.map(([code, text]) => json(text, Number(code))),
    UserLocalizedLabel: json(labelIn(labelled, language), own),
  };
}

/**
 * The choices of a bound column with their labels in the user's language.
 *
 * Labels always come from the platform: an administrator may have renamed one, and a copy here would disagree.
 */

export interface Option {
  readonly value: number;
  readonly label: string;
}

interface HasOptions {
  readonly attributes?:
    { readonly Options?: readonly { readonly Value: number; readonly Label: string }[] } | undefined;
}

/** In the order of the platform; empty when the column is not bound. -1 is the platform's "nothing chosen". */
export function optionsOf(property: HasOptions | undefined): Option[] {
  const options = property?.attributes?.Options ?? [];
  return options.filter(({ Value }) => Value !== -1).map(({ Value, Label }) => ({ value: Value, label: Label }));
}

/** The label of a value; the number itself for a value that the metadata does not know, never an empty place. */
export function labelOf(property: HasOptions | undefined, value: number | null): string {
  if (value === null) return '';
  return optionsOf(property).find((option) => option.value === value)?.label ?? String(value);
}

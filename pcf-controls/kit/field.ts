/**
 * A bound column as a view may see it: value only when it may be read, editable only when everything allows it.
 *
 * Field security, a read-only form and an inactive record are answered in one place, because a control that forgets
 * one of them shows what it must not, or lets a person type what the platform then throws away. Source: Microsoft
 * Learn, Power Apps component framework, "Mode" (isControlDisabled) and "SecurityValues".
 */

export interface Field<T> {
  /** Null when empty and when the person may not read it: look at `readable`. */
  readonly raw: T | null;
  /** As the platform shows it in the user's language; empty when there is no value or it may not be read. */
  readonly formatted: string;
  readonly readable: boolean;
  readonly editable: boolean;
  /** The column's label in the user's language; empty when the column is not bound. */
  readonly label: string;
  /** What the platform says is wrong with the value, else null. */
  readonly error: string | null;
  /** False when an optional property has no column behind it. */
  readonly bound: boolean;
}

type AnyProperty = ComponentFramework.PropertyTypes.Property;
export interface HasMode {
  readonly mode: { readonly isControlDisabled: boolean };
}

export function fieldOf<P extends AnyProperty>(
  context: HasMode,
  property: P | undefined,
): Field<NonNullable<P['raw']>> {
  const { security, attributes } = property ?? {};
  const readable = security?.readable !== false;
  // An optional property without a column arrives as undefined, or as a property without metadata.
  const bound = attributes !== undefined;
  return {
    raw: readable ? ((property?.raw ?? null) as NonNullable<P['raw']> | null) : null,
    formatted: readable ? (property?.formatted ?? '') : '',
    readable,
    editable: bound && readable && !context.mode.isControlDisabled && security?.editable !== false,
    label: attributes?.DisplayName ?? '',
    error: property?.error ? property.errorMessage : null,
    bound,
  };
}

/**
 * Computed texts: full names and composite addresses, as they show on forms and in lookups.
 * The exact layout of address1_composite is an organization setting; this is the US default.
 */
import { assign, textOf, type Draft } from './draft';

export function applyNames(draft: Draft): void {
  const { table } = draft;
  if (table.columns.has('fullname') && table.columns.has('lastname')) {
    settle(draft, 'fullname', joined([textOf(draft, 'firstname'), textOf(draft, 'lastname')], ' '));
  }
  if (table.columns.has('address1_composite')) settle(draft, 'address1_composite', compositeAddress(draft));
}

function settle(draft: Draft, column: string, value: string | null): void {
  if ((draft.before?.[column] ?? null) !== value) assign(draft, column, value);
}

function compositeAddress(draft: Draft): string | null {
  const lines = ['address1_line1', 'address1_line2', 'address1_line3'].map((column) => textOf(draft, column));
  const region = joined([textOf(draft, 'address1_stateorprovince'), textOf(draft, 'address1_postalcode')], ' ');
  const town = joined([textOf(draft, 'address1_city'), region ?? ''], ', ');
  return joined([...lines, town ?? '', textOf(draft, 'address1_country')], '\r\n');
}

function joined(parts: readonly string[], between: string): string | null {
  const filled = parts.filter((part) => part !== '');
  return filled.length > 0 ? filled.join(between) : null;
}

/**
 * From a finding in the panel to the place where it is mended: a field here, or the record that holds it.
 *
 * Answers the panel's event `onJumpToField`, whose payload comes from another bundle and is therefore not trusted.
 */
import { own } from './columns';
import { columnsFor, lookupsByRecord } from './field-columns';
import { controlsOf, type Form, refOf } from './form';
import { note } from './notices';
import { text } from './text';
import { failureText } from './words';

export interface JumpTarget {
  readonly record: string;
  readonly field: string;
}

export function jumpTarget(payload: unknown): JumpTarget | null {
  if (typeof payload !== 'object' || payload === null) return null;
  const { record, field } = payload as Record<string, unknown>;
  return typeof record === 'string' && typeof field === 'string' ? { record, field } : null;
}

export async function jump(form: Form, { record, field }: JumpTarget): Promise<void> {
  if (record === 'solution') return focusOrSay(form, [own.draft]);
  const lookups = lookupsByRecord[record];
  if (!lookups) return focusOrSay(form, columnsFor(field));
  const ref = lookups.map((column) => refOf(form, column)).find((each) => each !== null && fits(record, each.table));
  // Nobody is chosen yet, or the owner is a team: the lookup itself is what has to be mended.
  if (!ref) return focusOrSay(form, lookups);
  try {
    // Unsaved edits stay where they are while the other record is open.
    await Xrm.Navigation.openForm({ entityName: ref.table, entityId: ref.id, openInNewWindow: form.data.getIsDirty() });
  } catch (error) {
    note(form, failureText(error), 'WARNING');
  }
}

function fits(record: string, table: string): boolean {
  return record === 'user' ? table === 'systemuser' : record === table;
}

function focusOrSay(form: Form, columns: readonly string[]): void {
  if (!focus(form, columns)) note(form, text('jump_not_on_form'), 'WARNING');
}

/** @returns false when the form has none of the columns in a place that can be seen */
export function focus(form: Form, columns: readonly string[]): boolean {
  for (const column of columns) {
    const control = controlsOf(form, column).find(canBeSeen);
    if (!control) continue;
    const tab = sectionOf(control)?.getParent?.();
    tab?.setDisplayState('expanded');
    control.setFocus();
    return true;
  }
  return false;
}

/** Header and footer controls have no section that could be unfolded. */
function sectionOf(control: Xrm.Controls.StandardControl): Xrm.Controls.Section | null {
  return (control.getParent?.() as Xrm.Controls.Section | undefined) ?? null;
}

function canBeSeen(control: Xrm.Controls.StandardControl): boolean {
  if (!control.getVisible()) return false;
  const section = sectionOf(control);
  const tab = section?.getParent?.();
  return (section?.getVisible?.() ?? true) && (tab?.getVisible?.() ?? true);
}

/**
 * Locks on the form what cannot be changed any more, and unlocks only what it has locked itself.
 */
import { own, readOnlyColumns } from './columns';
import { controlsOf, type Form, isEditable, setValue } from './form';
import { frozenColumns, wrongWay } from './frozen';
import { note } from './notices';
import { sessionOf } from './session';
import { stateOf } from './state';
import { text } from './text';

export function applyLocks(form: Form): void {
  // A read-only form locks everything by itself; unlocking there would offer edits that cannot be saved.
  if (!isEditable(form)) return;
  const session = sessionOf(form);
  const wanted = new Set([...readOnlyColumns, ...frozenColumns(session.saved)]);
  // The panel lives on the sync column: locked, it would show nothing but itself.
  wanted.delete(own.sync);
  const locked = new Set<string>(session.locked);
  for (const column of new Set([...wanted, ...session.locked])) {
    for (const control of controlsOf(form, column)) {
      if (wanted.has(column) && !control.getDisabled()) {
        control.setDisabled(true);
        locked.add(column);
      } else if (!wanted.has(column)) {
        control.setDisabled(false);
        locked.delete(column);
      }
    }
  }
  session.locked = locked;
}

/** Puts one-way columns back and says why. A script or a business rule may have changed them as well as a person. */
export function putBackWrongWay(form: Form): void {
  for (const { column, value, reason } of wrongWay(stateOf(form), sessionOf(form).saved)) {
    setValue(form, column, value);
    note(form, text(reason), 'WARNING');
  }
}

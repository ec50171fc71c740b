/**
 * Asks the connector for something by the column Requested Action, and saves at once.
 *
 * The connector empties the column when it has done it. A refused save takes the request back, because a request that
 * stays in an unsaved form would go out with the next save of somebody who has forgotten it.
 */
import { own } from './columns';
import { type Form, has, recordId, setValue, tableOf, valueOf } from './form';
import { choices } from './generated/metadata';
import { failureText } from './words';
import { text } from './text';
import { note } from './notices';

export type Action = keyof typeof choices.requestedaction;

/** @returns whether the request is saved; why it is not is said on the form */
export async function requestAction(form: Form, action: Action, reason?: string): Promise<boolean> {
  if (!has(form, own.action)) return requestByWebApi(form, action, reason);
  const before = { action: valueOf(form, own.action), reason: valueOf(form, own.actionReason) };
  setValue(form, own.action, choices.requestedaction[action]);
  if (reason !== undefined) setValue(form, own.actionReason, reason);
  return saveRequest(form, before);
}

export interface Before {
  readonly action: unknown;
  readonly reason: unknown;
}

/** Saves a request that already stands on the form; on refusal the columns get their former values back. */
export async function saveRequest(form: Form, before: Before): Promise<boolean> {
  try {
    await form.data.save();
    return true;
  } catch (error) {
    setValue(form, own.action, before.action);
    if (has(form, own.actionReason)) setValue(form, own.actionReason, before.reason);
    note(form, text('action_not_saved', { why: failureText(error) }), 'ERROR');
    return false;
  }
}

/** A form without the column (a customer's own) still gets its commands done. */
async function requestByWebApi(form: Form, action: Action, reason: string | undefined): Promise<boolean> {
  try {
    if (form.data.getIsDirty()) await form.data.save();
    const changes = {
      [own.action]: choices.requestedaction[action],
      ...(reason === undefined ? {} : { [own.actionReason]: reason }),
    };
    await Xrm.WebApi.updateRecord(tableOf(form), recordId(form), changes);
    await form.data.refresh(false);
    return true;
  } catch (error) {
    note(form, text('action_not_saved', { why: failureText(error) }), 'ERROR');
    return false;
  }
}

/**
 * Form script of Lead: `Cosell.Lead`.
 *
 * A lead comes from Partner Center and is answered here; it cannot be shared, since a referral needs solutions, which
 * only an opportunity has. So switching Sync on is for a lead that is linked and was paused, and for nothing else.
 */
import { own, readOnlyColumns } from './columns';
import { attributeOf, controlsOf, isEditable, setValue, valueOf } from './form';
import { clearNote, note, showState } from './notices';
import { saveRequest } from './request-action';
import { noteSaved, sessionOf, startSession } from './session';
import { stateOf } from './state';
import { text } from './text';

const disqualify = 15;
const qualify = 16;

export function onLoad(context: Xrm.Events.EventContext): void {
  const form = context.getFormContext();
  startSession(form);
  show(context);
  form.data.addOnLoad(whenRefreshed);
  form.data.entity.addOnPostSave?.(whenSaved);
  attributeOf(form, own.sync)?.addOnChange(whenSyncChanges);
  attributeOf(form, own.action)?.addOnChange(whenActionChanges);
}

/**
 * Qualifying accepts and disqualifying declines. Said, not asked: neither can be resumed by script once it is
 * stopped, and a value or date that is missing can still be given on the opportunity.
 */
export function onSave(context: Xrm.Events.SaveEventContext): void {
  const form = context.getFormContext();
  const mode = context.getEventArgs().getSaveMode() as number;
  const { linked, sync, phase } = stateOf(form);
  clearNote(form);
  if (!linked || !sync || phase === 'closed') return;
  if (mode === disqualify) note(form, text('lead_disqualify_declines'), 'INFO');
  if (mode !== qualify) return;
  const complete = valueOf(form, 'budgetamount') !== null && valueOf(form, 'estimatedclosedate') !== null;
  note(form, text(complete ? 'lead_qualify_accepts' : 'lead_qualify_lacks'), complete ? 'INFO' : 'WARNING');
}

function show(context: Xrm.Events.EventContext): void {
  const form = context.getFormContext();
  showState(form);
  if (!isEditable(form)) return;
  for (const column of readOnlyColumns) for (const control of controlsOf(form, column)) control.setDisabled(true);
}

function whenRefreshed(context: Xrm.Events.EventContext): void {
  const form = context.getFormContext();
  if (!form.data.getIsDirty()) noteSaved(form);
  show(context);
}

function whenSaved(context: Xrm.Events.PostSaveEventContext): void {
  if (!context.getEventArgs().getIsSaveSuccess()) return;
  noteSaved(context.getFormContext());
  show(context);
}

function whenSyncChanges(context: Xrm.Events.EventContext): void {
  const form = context.getFormContext();
  const { sync, linked } = stateOf(form);
  if (!sync || linked) return;
  setValue(form, own.sync, false);
  note(form, text('lead_cannot_be_shared'), 'WARNING');
}

function whenActionChanges(context: Xrm.Events.EventContext): void {
  const form = context.getFormContext();
  const session = sessionOf(form);
  if (valueOf(form, own.action) === null || session.requesting) return;
  session.requesting = true;
  clearNote(form);
  void Promise.resolve()
    .then(() => saveRequest(form, { action: null, reason: null }))
    .finally(() => (session.requesting = false));
}

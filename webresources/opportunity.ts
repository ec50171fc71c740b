/**
 * Form script of Opportunity: `Cosell.Opportunity`.
 *
 * Wires events to the modules beside it and decides nothing. The form registers onLoad and onSave; all else is
 * attached here, because a managed form should carry as few handlers as possible. An exception in a handler would
 * reach the seller as a script error, so none leaves.
 */
import { own } from './columns';
import { controlsOf, attributeOf, type Form } from './form';
import { guardClose, guardCloseForm } from './closing';
import { columnsFor } from './field-columns';
import { jump, jumpTarget } from './jump';
import { applyLocks, putBackWrongWay } from './locks';
import { clearFindings, clearHint, clearNote, showState } from './notices';
import { type Before, saveRequest } from './request-action';
import { guardSave } from './save-guard';
import { noteSaved, sessionOf, startSession } from './session';
import { xrmRecords } from './xrm-records';

const records = xrmRecords();

export function onLoad(context: Xrm.Events.EventContext): void {
  const form = context.getFormContext();
  startSession(form);
  applyLocks(form);
  showState(form);
  form.data.addOnLoad(whenRefreshed);
  form.data.entity.addOnPostSave?.(whenSaved);
  attributeOf(form, own.action)?.addOnChange(whenActionChanges);
  for (const column of [own.visibility, own.help]) attributeOf(form, column)?.addOnChange(whenOneWayChanges);
  attributeOf(form, own.sync)?.addOnChange(whenSyncChanges);
  for (const column of hinted) attributeOf(form, column)?.addOnChange(whenHintedChanges);
  listenToPanel(form);
}

/** Stops a save that would share an incomplete deal, or close a shared one unasked. */
export function onSave(context: Xrm.Events.SaveEventContext): void {
  clearNote(context.getFormContext());
  void guardSave(context, records);
  void guardClose(context, records);
}

/** For the Opportunity Close form; registered by an admin who uses it. */
export function onCloseSave(context: Xrm.Events.SaveEventContext): void {
  void guardCloseForm(context, records);
}

/** Fields beside which a hint may stand. */
const hinted = [
  ...new Set(
    ['name', 'dealValue', 'dealValue.currency', 'closeDate', 'dealNotes', 'solutions', 'team', 'customer', 'contacts']
      .concat(['consent', 'purchaseIntent', 'partnerRole', 'solutionArea', 'solutionPlay', 'statusReason'])
      .flatMap((field) => columnsFor(field)),
  ),
].filter((column) => column !== own.sync);

function whenRefreshed(context: Xrm.Events.EventContext): void {
  const form = context.getFormContext();
  if (!form.data.getIsDirty()) noteSaved(form);
  applyLocks(form);
  showState(form);
}

function whenSaved(context: Xrm.Events.PostSaveEventContext): void {
  if (!context.getEventArgs().getIsSaveSuccess()) return;
  const form = context.getFormContext();
  noteSaved(form);
  applyLocks(form);
  showState(form);
}

/**
 * The panel asks by writing the column. Saved a moment later, because a control hands over all its columns in one go
 * and the reason may come after the request.
 */
function whenActionChanges(context: Xrm.Events.EventContext): void {
  const form = context.getFormContext();
  if (attributeOf(form, own.action)?.getValue() == null || sessionOf(form).requesting) return;
  const before: Before = { action: null, reason: null };
  const session = sessionOf(form);
  session.requesting = true;
  clearNote(form);
  void Promise.resolve()
    .then(() => saveRequest(form, before))
    .finally(() => (session.requesting = false));
}

function whenOneWayChanges(context: Xrm.Events.EventContext): void {
  putBackWrongWay(context.getFormContext());
}

/** With sharing off again there is nothing left to complain about. */
function whenSyncChanges(context: Xrm.Events.EventContext): void {
  const form = context.getFormContext();
  if (attributeOf(form, own.sync)?.getValue() !== true) clearFindings(form);
}

/** The field is being mended; whether well enough, the next save tells. */
function whenHintedChanges(context: Xrm.Events.EventContext): void {
  const form = context.getFormContext();
  const attribute = context.getEventSource() as Xrm.Attributes.Attribute | null;
  if (attribute) controlsOf(form, attribute.getName()).forEach(clearHint);
}

/** Events of code components are a preview (Microsoft Learn: addEventHandler): without them the panel has no jump. */
interface EventSource {
  addEventHandler?(name: string, handler: (payload: unknown) => void): void;
}

function listenToPanel(form: Form): void {
  for (const control of controlsOf(form, own.sync) as (Xrm.Controls.StandardControl & EventSource)[]) {
    control.addEventHandler?.('onJumpToField', (payload) => {
      const target = jumpTarget(payload);
      if (target) void jump(form, target);
    });
  }
}

/**
 * Keeps a save from sharing a deal that Partner Center would refuse, and says everything that is missing.
 *
 * Stops the save, checks, and saves again when nothing is wrong. Not written as a promise for the platform to wait
 * for: asynchronous OnSave needs a setting of the customer's app and has ten seconds (Microsoft Learn: "Form OnSave
 * event"); stopping works everywhere. Never blocks a seller for reasons of its own: when the check itself fails, the
 * save goes on and the connector judges.
 */
import { isError, type Finding } from '../domain/finding';
import { own } from './columns';
import { type Form, setValue } from './form';
import { checkShare } from './gather';
import { clearFindings, note, showFindings } from './notices';
import type { Records } from './records';
import { type Session, sessionOf } from './session';
import { type DealState, guardNeed, stateOf } from './state';
import { text } from './text';
import { failureText, sentences } from './words';

/** Save modes that write the form: save, save and close, save and new, autosave. */
const saveAndClose = 2;
const saveAndNew = 59;
const autosave = 70;
const guardedModes = [1, saveAndClose, saveAndNew, autosave];

/** @returns the check, for tests and commands to wait for; undefined when the save goes through as it is */
export function guardSave(context: Xrm.Events.SaveEventContext, records: Records): Promise<void> | undefined {
  const form = context.getFormContext();
  const args = context.getEventArgs();
  const mode = args.getSaveMode() as number;
  if (!guardedModes.includes(mode)) return undefined;
  const session = sessionOf(form);
  const now = stateOf(form);
  const need = guardNeed(now, session.saved);
  if (need === 'none') return undefined;
  const values = fingerprint(form);
  if (session.approved === values) {
    session.approved = '';
    return undefined;
  }
  args.preventDefault();
  if (session.checking || (mode === autosave && session.refused === values)) return undefined;
  session.checking = true;
  const check: Check = { form, session, mode, values, need };
  return run(check, records).finally(() => (session.checking = false));
}

interface Check {
  readonly form: Form;
  readonly session: Session;
  readonly mode: number;
  readonly values: string;
  readonly need: 'share' | 'raise';
}

async function run(check: Check, records: Records): Promise<void> {
  const { form, session, values } = check;
  let findings: readonly Finding[];
  try {
    findings = await checkShare(form, records);
  } catch (error) {
    clearFindings(form);
    await pass(check);
    return note(form, text('check_failed', { why: failureText(error) }), 'WARNING');
  }
  // Somebody typed while the check ran: the save that he asked for would not be the one that was checked.
  if (fingerprint(form) !== values) return note(form, text('check_changed'), 'INFO');
  if (!findings.some(isError)) {
    showFindings(form, findings);
    return pass(check);
  }
  session.refused = values;
  showFindings(form, findings);
  if (check.mode !== autosave) await offerWithout(check, findings);
}

/** The same save again. What the platform then refuses, it tells the seller itself. */
async function pass({ form, session, mode, values }: Check): Promise<void> {
  session.approved = values;
  await saveAgain(form, mode);
}

async function offerWithout(check: Check, findings: readonly Finding[]): Promise<void> {
  const { form, session, need } = check;
  const lines = sentences(findings.filter(isError)).map((line) => `• ${line}`);
  const answer = await Xrm.Navigation.openConfirmDialog(
    {
      title: text('blocked_title'),
      text: `${text(need === 'share' ? 'blocked_share' : 'blocked_raise')}\n\n${lines.join('\n')}`,
      confirmButtonLabel: text(need === 'share' ? 'blocked_save_without' : 'blocked_save_as_before'),
      cancelButtonLabel: text('blocked_go_back'),
    },
    { width: 560, height: Math.min(240 + 40 * lines.length, 640) },
  );
  if (!answer.confirmed) return;
  takeBack(form, session.saved, need);
  clearFindings(form);
  const saved = await saveAgain(form, check.mode);
  if (saved) note(form, text(need === 'share' ? 'saved_without_sharing' : 'saved_as_before'), 'INFO');
}

function takeBack(form: Form, saved: DealState, need: 'share' | 'raise'): void {
  if (need === 'share') return setValue(form, own.sync, false);
  setValue(form, own.help, saved.help);
  setValue(form, own.visibility, saved.visible);
}

async function saveAgain(form: Form, mode: number): Promise<boolean> {
  try {
    if (mode === saveAndClose) await form.data.entity.save('saveandclose');
    else if (mode === saveAndNew) await form.data.entity.save('saveandnew');
    else await form.data.save();
    return true;
  } catch {
    // The platform has shown why; the form stays unsaved and the next save is checked afresh.
    sessionOf(form).approved = '';
    return false;
  }
}

/** All values on the form, so that only the very save that was checked goes through. */
function fingerprint(form: Form): string {
  const values: [string, unknown][] = [];
  form.data.entity.attributes.forEach((attribute) => values.push([attribute.getName(), attribute.getValue()]));
  return JSON.stringify(values);
}

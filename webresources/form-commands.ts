/**
 * Commands on a form: `Cosell.Commands`.
 *
 * They write what a seller could write by hand and save; the connector does the rest. A refusal is said on the form,
 * never thrown: the platform would show a script error.
 */
import { isError } from '../domain/finding';
import { dealKind } from '../domain/deal-kind';
import { ask, confirmed, tell } from './dialogs';
import { own } from './columns';
import { attributeOf, controlsOf, type Form, has, recordId, setValue, tableOf, valueOf } from './form';
import { checkAccept } from './gather';
import { focus } from './jump';
import { clearHint, clearNote, note, noteRequest, showHint } from './notices';
import { textIn, type Records } from './records';
import { type Action, requestAction } from './request-action';
import { partnerCenterLink } from './rules';
import { stateOf } from './state';
import { text } from './text';
import { failureText, sentences } from './words';

/** Switches sharing on and saves; whether the deal is fit for it, the form's save guard says, or else the connector. */
export async function share(form: Form): Promise<void> {
  const { visible, help } = stateOf(form);
  const kind = dealKind({ helpRequired: help === null ? null : String(help), visibility: visible });
  const question = { title: text('share_title'), lines: [text(`share_text_${kind}`)], confirm: text('share_confirm') };
  if (!(await confirmed(question))) return;
  setValue(form, own.sync, true);
  attributeOf(form, own.sync)?.fireOnChange();
  await saved(form);
}

export async function accept(form: Form, records: Records): Promise<void> {
  if (tableOf(form) === 'opportunity' && !(await mayAccept(form, records))) return;
  if (await ask('accept')) await request(form, 'accept');
}

async function mayAccept(form: Form, records: Records): Promise<boolean> {
  try {
    const findings = (await checkAccept(form, records)).filter(isError);
    if (findings.length === 0) return true;
    await tell(
      text('accept_blocked'),
      sentences(findings).map((line) => `• ${line}`),
    );
    return false;
  } catch {
    // The connector checks the same before it accepts.
    return true;
  }
}

/**
 * Declines with the reason that stands on the form. A dialog of the platform cannot ask for a choice, and the form
 * has the very column, in the user's language: so it is pointed out when it is still empty.
 */
export async function decline(form: Form): Promise<void> {
  const column = has(form, own.closeReason) ? own.closeReason : own.actionReason;
  const reason = reasonOn(form, column);
  if (reason === '') return askForReason(form, column);
  if (await ask('decline', { reason })) await request(form, 'decline');
}

/** The panel has the reason too, where the column has no place of its own. */
function askForReason(form: Form, column: string): void {
  if (!focus(form, [column, own.sync])) return note(form, text('decline_reason_nowhere'), 'WARNING');
  const hint = text('decline_reason_first');
  for (const control of controlsOf(form, column)) showHint(control, hint);
  note(form, hint, 'INFO');
}

/** The choice's label in the user's language, or the text as it was typed. */
function reasonOn(form: Form, column: string): string {
  const attribute = attributeOf(form, column);
  const value = valueOf(form, column);
  if (!attribute || value === null) return '';
  if (attribute.getAttributeType() !== 'optionset') return String(value).trim();
  return (attribute as Xrm.Attributes.OptionSetAttribute).getText() || String(value);
}

export async function syncNow(form: Form): Promise<void> {
  if (await requestAction(form, 'syncNow')) noteRequest(form, text('sync_requested'));
}

export function openInPartnerCenter(form: Form): void {
  const link = partnerCenterLink(form);
  if (link === null) return note(form, text('link_not_safe'), 'WARNING');
  Xrm.Navigation.openUrl(link);
}

/** Moves the referral to an opportunity that was here before it came in. */
export async function linkToExisting(form: Form, records: Records): Promise<void> {
  const [chosen] = await Xrm.Utility.lookupObjects({
    allowMultiSelect: false,
    defaultEntityType: 'opportunity',
    entityTypes: ['opportunity'],
  }).then((found) => found ?? []);
  if (!chosen) return;
  const id = chosen.id.replace(/[{}]/g, '').toLowerCase();
  const name = chosen.name ?? '';
  if (id === recordId(form)) return tell(text('link_title'), [text('link_itself')]);
  const refusal = await refusalOf(id, records);
  if (refusal !== null) return tell(text('link_title'), [refusal]);
  if (await ask('link', { name })) await request(form, 'linkToExisting', id);
}

/** Why the opportunity cannot take the referral over; null when it can. */
async function refusalOf(id: string, records: Records): Promise<string | null> {
  try {
    const select = [own.referralId, 'statecode'];
    const [row] = await records.find('opportunity', { select, where: `opportunityid eq ${id}` });
    if (!row) return text('failure_gone');
    if (textIn(row, own.referralId) !== '') return text('link_taken');
    return row['statecode'] === 0 ? null : text('link_closed');
  } catch (error) {
    return failureText(error);
  }
}

export async function shareAgain(form: Form): Promise<void> {
  if (await ask('again')) await request(form, 'shareAgain');
}

/** Done by the connector, not by now: the seller is to know that he need not ask twice. */
async function request(form: Form, action: Action, reason?: string): Promise<void> {
  if (await requestAction(form, action, reason)) noteRequest(form, text('action_requested'));
}

/** What an earlier command said is over as soon as another one is chosen. */
export function clearEarlier(form: Form): void {
  clearNote(form);
  for (const column of [own.closeReason, own.actionReason]) controlsOf(form, column).forEach(clearHint);
}

/** A save that a guard stopped is no failure to speak of: the guard has spoken. */
async function saved(form: Form): Promise<void> {
  try {
    await form.data.save();
  } catch {
    // Said by the platform or by the guard.
  }
}

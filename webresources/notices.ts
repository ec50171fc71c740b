/**
 * Lines at the head of the form: what the connector last said, and what this script has to say.
 *
 * Each has an id of its own, so that saying it again replaces it. Field hints are recommendations and never errors:
 * an error on a control would keep every save from happening (Microsoft Learn: addNotification).
 */
import { type Finding, isError } from '../domain/finding';
import { own } from './columns';
import { controlsFor } from './field-columns';
import { controlsOf, type Form, valueOf } from './form';
import { choices } from './generated/metadata';
import { dayText, text } from './text';
import { sentence, sentences, storedMessage } from './words';

const id = {
  state: 'cosell.state',
  findings: 'cosell.findings',
  note: 'cosell.note',
  request: 'cosell.request',
} as const;
const hintId = 'cosell.hint';

type Level = 'INFO' | 'WARNING' | 'ERROR';

/** The connector's state: needs attention, or on hold with the day by which somebody has to answer. */
export function showState(form: Form): void {
  // The connector empties the column when it has done what was asked for.
  if (valueOf(form, own.action) === null) form.ui.clearFormNotification(id.request);
  const status = valueOf(form, own.syncStatus);
  const said = storedMessage(
    String(valueOf(form, own.syncMessageCode) ?? ''),
    String(valueOf(form, own.syncMessage) ?? ''),
  );
  if (status === choices.syncstatus.needsAttention) {
    say(form, text('state_needs_attention', { message: said }), 'WARNING', id.state);
  } else if (status === choices.syncstatus.onHold) {
    say(form, onHold(valueOf(form, own.expiresOn)), 'INFO', id.state);
  } else {
    form.ui.clearFormNotification(id.state);
  }
}

function onHold(expires: unknown): string {
  return expires instanceof Date ? text('state_on_hold_until', { day: dayText(expires) }) : text('state_on_hold');
}

/** Everything that is missing at once, and a hint beside each field that the form shows. */
export function showFindings(form: Form, findings: readonly Finding[]): void {
  clearFindings(form);
  if (findings.length === 0) return;
  const errors = sentences(findings.filter(isError));
  const others = sentences(findings.filter((found) => !isError(found)));
  const parts = [
    ...(errors.length === 0 ? [] : [text('findings_errors', { findings: numbered(errors) })]),
    ...(others.length === 0
      ? []
      : [text(errors.length === 0 ? 'findings_warnings' : 'findings_recommended', { findings: numbered(others) })]),
  ];
  say(form, parts.join(' '), 'WARNING', id.findings);
  const byControl = new Map<Xrm.Controls.StandardControl, string[]>();
  for (const found of findings.filter((each) => each.recordHint === 'opportunity')) {
    for (const control of controlsFor(form, found.field ?? '')) {
      byControl.set(control, [...(byControl.get(control) ?? []), sentence(found)]);
    }
  }
  for (const [control, messages] of byControl) showHint(control, messages.join(' '));
}

function numbered(lines: readonly string[]): string {
  return lines.length === 1 ? (lines[0] as string) : lines.map((line, at) => `${at + 1}) ${line}`).join(' ');
}

export function showHint(control: Xrm.Controls.StandardControl, message: string): void {
  control.addNotification?.({
    messages: [message],
    notificationLevel: 'RECOMMENDATION',
    uniqueId: hintId,
    actions: [],
  });
}

export function clearFindings(form: Form): void {
  form.ui.clearFormNotification(id.findings);
  form.data.entity.attributes.forEach((attribute) => {
    for (const control of controlsOf(form, attribute.getName())) clearHint(control);
  });
}

export function clearHint(control: Xrm.Controls.StandardControl): void {
  (control.clearNotification as ((uniqueId: string) => boolean) | undefined)?.call(control, hintId);
}

/** What a second message under the same id does is not documented; cleared first, it replaces. */
function say(form: Form, message: string, level: Level, uniqueId: string): void {
  form.ui.clearFormNotification(uniqueId);
  form.ui.setFormNotification(message, level, uniqueId);
}

/** Something that has just happened; stays until the next save. A form that was closed meanwhile shows nothing. */
export function note(form: Form, message: string, level: Level = 'INFO', uniqueId: string = id.note): void {
  try {
    say(form, message, level, uniqueId);
  } catch {
    // Save and close: there is nobody left to tell.
  }
}

/** What was asked for is under way; stands until it is done. */
export function noteRequest(form: Form, message: string): void {
  note(form, message, 'INFO', id.request);
}

export function clearNote(form: Form): void {
  form.ui.clearFormNotification(id.request);
  form.ui.clearFormNotification(id.note);
}

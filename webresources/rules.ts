/**
 * When a command is offered: `Cosell.Commands.can...`, the enable rules of the ribbon.
 *
 * Read the form and nothing else, because the platform asks with every click: no request, no promise, no exception.
 */
import { own } from './columns';
import { type Form, has, isEditable, tableOf, valueOf } from './form';
import { stateOf } from './state';

export function canShare(form: Form): boolean {
  const state = stateOf(form);
  return has(form, own.sync) && isEditable(form) && !state.sync && state.phase !== 'closed';
}

/** Accept and Decline: somebody offers this deal, and nobody has answered yet. */
export function canAnswer(form: Form): boolean {
  const state = stateOf(form);
  return isEditable(form) && state.linked && state.sync && state.phase === 'new' && !state.pending;
}

export function canSyncNow(form: Form): boolean {
  const state = stateOf(form);
  return isEditable(form) && state.saved && state.sync && !state.pending;
}

export function canOpenInPartnerCenter(form: Form): boolean {
  return partnerCenterLink(form) !== null;
}

/** A deal that somebody else sent may belong to an opportunity that is here already. */
export function canLinkToExisting(form: Form): boolean {
  const state = stateOf(form);
  const open = state.phase === 'new' || state.phase === 'active';
  return isEditable(form) && state.saved && state.linked && state.sync && open && !state.pending;
}

export function canShareAgain(form: Form): boolean {
  const state = stateOf(form);
  return isEditable(form) && state.linked && state.phase === 'closed' && !state.pending;
}

/** The flyout itself: an empty one would be offered otherwise. A lead has fewer commands in it. */
export function hasCommands(form: Form): boolean {
  const ofDeals = tableOf(form) === 'opportunity' ? [canShare, canLinkToExisting, canShareAgain] : [];
  return [canAnswer, canSyncNow, canOpenInPartnerCenter, ...ofDeals].some((rule) => rule(form));
}

/** Only https, and no sign-in data in it: the column can be written by more people than the connector. */
export function partnerCenterLink(form: Form): string | null {
  return safeLink(String(valueOf(form, own.referralLink) ?? ''));
}

export function safeLink(link: string): string | null {
  try {
    const url = new URL(link.trim());
    return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : null;
  } catch {
    return null;
  }
}

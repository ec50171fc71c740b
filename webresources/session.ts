/**
 * What the script remembers of a record while it is open: how it stood when it was last saved, what was checked.
 *
 * By record id and not by form object, since the platform hands out a new wrapper with each event. Two unsaved records
 * share one entry, which does no harm: both last stood like nothing at all.
 */
import { type Form, recordId } from './form';
import { type DealState, stateOf, unsaved } from './state';

export interface Session {
  saved: DealState;
  /** Values that were checked and may be saved as they are; '' for none. */
  approved: string;
  /** Values whose check found errors; an autosave does not check them again. */
  refused: string;
  /** A check is under way. */
  checking: boolean;
  /** Close of the deal that the seller was asked about and agreed to. */
  closeAgreed: boolean;
  /** Columns that this script has locked, and may unlock. */
  locked: ReadonlySet<string>;
  /** Request that is being saved by the script itself. */
  requesting: boolean;
}

const sessions = new Map<string, Session>();

/** Starts over with the form as it was loaded. */
export function startSession(form: Form): Session {
  const id = recordId(form);
  const session: Session = {
    saved: id === '' ? unsaved : stateOf(form),
    approved: '',
    refused: '',
    checking: false,
    closeAgreed: false,
    locked: sessions.get(id)?.locked ?? new Set(),
    requesting: false,
  };
  // A browser tab lives for days: old records are forgotten.
  if (sessions.size > 50) sessions.clear();
  sessions.set(id, session);
  return session;
}

export function sessionOf(form: Form): Session {
  return sessions.get(recordId(form)) ?? startSession(form);
}

/** The record is saved: what stands on the form is what it is now. After a first save it has its id. */
export function noteSaved(form: Form): Session {
  const session = sessionOf(form);
  session.saved = stateOf(form);
  session.approved = '';
  session.refused = '';
  return session;
}

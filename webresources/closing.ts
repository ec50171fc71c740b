/**
 * Closing a deal that is shared: asked for once more, because Closed is final in Partner Center.
 *
 * "Close as Won" and "Close as Lost" are the platform's own commands. What is supported: OnSave of the opportunity
 * with save mode Deactivate, where a save can be stopped but not resumed by script (the seller chooses the command
 * again), and OnSave of the Opportunity Close form for customers who have switched that form on. UNVERIFIED: whether
 * every version raises OnSave with that mode. The connector judges in any case.
 */
import { closesWithin72Hours } from '../domain/validate';
import { own } from './columns';
import { type Form, recordId, refOf, valueOf } from './form';
import { choices } from './generated/metadata';
import { note } from './notices';
import { refIn, textIn, type Records } from './records';
import { sessionOf } from './session';
import { stateOf } from './state';
import { text } from './text';

const deactivate = 5;
const wonState = 1;

/** OnSave of the opportunity itself. */
export function guardClose(context: Xrm.Events.SaveEventContext, records: Records): Promise<void> | undefined {
  const form = context.getFormContext();
  const args = context.getEventArgs();
  if ((args.getSaveMode() as number) !== deactivate) return undefined;
  const state = stateOf(form);
  if (!state.linked || !state.sync || state.phase === 'closed') return undefined;
  const session = sessionOf(form);
  if (session.closeAgreed) {
    session.closeAgreed = false;
    return undefined;
  }
  args.preventDefault();
  return ask(recordId(form), state.coSell, records).then((agreed) => {
    session.closeAgreed = agreed;
    if (agreed) note(form, text('close_again'), 'INFO');
  });
}

/** OnSave of the form Opportunity Close; an admin registers it where that form is switched on. */
export function guardCloseForm(context: Xrm.Events.SaveEventContext, records: Records): Promise<void> | undefined {
  const form = context.getFormContext();
  const args = context.getEventArgs();
  const deal = refOf(form, 'opportunityid');
  if (!deal || agreedOnCloseForm.has(deal.id)) return undefined;
  args.preventDefault();
  const won = Number(valueOf(form, 'opportunitystatecode') ?? wonState) === wonState;
  return confirmCloseForm(form, deal.id, won, records);
}

/** Deals whose close was agreed to; the form saves once after that. */
const agreedOnCloseForm = new Set<string>();

async function confirmCloseForm(form: Form, id: string, won: boolean, records: Records): Promise<void> {
  if ((await isShared(id, records)) && !(await ask(id, won && (await isCoSell(id, records)), records))) return;
  agreedOnCloseForm.add(id);
  try {
    await form.data.save();
  } catch {
    // The platform has shown why.
  } finally {
    agreedOnCloseForm.delete(id);
  }
}

async function dealRow(id: string, records: Records): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const select = [own.sync, own.referralId, own.referralStatus, own.dealType];
    const [row] = await records.find('opportunity', { select, where: `opportunityid eq ${id}` });
    return row;
  } catch {
    return undefined;
  }
}

/** A deal that cannot be read is closed without a question: the question must never keep anybody from closing. */
async function isShared(id: string, records: Records): Promise<boolean> {
  const row = await dealRow(id, records);
  const open = row?.[own.referralStatus] !== choices.referralstatus.closed;
  return row?.[own.sync] === true && Boolean(row[own.referralId]) && open;
}

async function isCoSell(id: string, records: Records): Promise<boolean> {
  return (await dealRow(id, records))?.[own.dealType] === choices.dealtype.coSell;
}

async function ask(id: string, mayBeRegistered: boolean, records: Records): Promise<boolean> {
  const soon = mayBeRegistered && (await isYoung(id, records));
  const { confirmed } = await Xrm.Navigation.openConfirmDialog({
    title: text('close_title'),
    text: soon ? `${text('close_text')}\n\n${text('finding_WON_WITHIN_72_HOURS')}` : text('close_text'),
    confirmButtonLabel: text('close_confirm'),
    cancelButtonLabel: text('blocked_go_back'),
  });
  return confirmed;
}

/**
 * Whether the referral is less than 72 hours old. Its own creation date stands in no column; the row that links it is
 * made in the same minute. Only co-sell deals can be registered, and whether somebody wants to, nobody has asked.
 */
async function isYoung(id: string, records: Records): Promise<boolean> {
  try {
    const rows = await records.find('cosell_referral', {
      select: ['createdon', 'cosell_opportunityid'],
      where: `_cosell_opportunityid_value eq ${id}`,
    });
    const row = rows.find((each) => refIn(each, 'cosell_opportunityid')?.id === id);
    return closesWithin72Hours(textIn(row, 'createdon'), new Date().toISOString());
  } catch {
    return false;
  }
}

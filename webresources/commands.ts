/**
 * Commands of the ribbon: `Cosell.Commands`.
 *
 * The names that the ribbon calls, with dataverse-ify behind those that read or write records. Commands return
 * nothing: the platform does not wait for them.
 */
import { bulkShare as shareMany, bulkSyncNow as syncMany, type Grid } from './bulk-commands';
import { dataverseRecords } from './dataverse';
import * as act from './form-commands';
import type { Form } from './form';
import { note } from './notices';
import type { Records } from './records';
import { failureText } from './words';

export {
  canAnswer,
  canLinkToExisting,
  canOpenInPartnerCenter,
  canShare,
  canShareAgain,
  canSyncNow,
  hasCommands,
} from './rules';

const records = (): Records => dataverseRecords(Xrm.WebApi as unknown as Xrm.WebApi);

export const shareWithMicrosoft = (form: Form): Promise<void> => told(form, () => act.share(form));
export const accept = (form: Form): Promise<void> => told(form, () => act.accept(form, records()));
export const decline = (form: Form): Promise<void> => told(form, () => act.decline(form));
export const syncNow = (form: Form): Promise<void> => told(form, () => act.syncNow(form));
export const openInPartnerCenter = (form: Form): void => act.openInPartnerCenter(form);
export const linkToExisting = (form: Form): Promise<void> => told(form, () => act.linkToExisting(form, records()));
export const shareAgain = (form: Form): Promise<void> => told(form, () => act.shareAgain(form));

/** @param ids of the rows selected in a view or subgrid */
export const bulkShare = (ids: readonly string[], grid: Grid): Promise<void> => shareMany(ids, grid, records());
export const bulkSyncNow = (ids: readonly string[], grid: Grid): Promise<void> => syncMany(ids, grid, records());

/** A dialog that the platform refuses, a lookup that fails: said on the form in the user's words. */
async function told(form: Form, command: () => Promise<void>): Promise<void> {
  try {
    act.clearEarlier(form);
    await command();
  } catch (error) {
    note(form, failureText(error), 'ERROR');
  }
}

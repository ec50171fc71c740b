/**
 * Who may send a notification to whom. Microsoft Learn "Send in-app notifications within
 * model-driven apps": one user each, teams aren't supported, and for others the sender needs to
 * read the table beyond his own rows. The code of the refusal for teams is UNVERIFIED.
 */
import type { Draft } from './draft';
import { badArgument, privilegeDenied } from './errors';
import { demand, privilegeName } from './privileges';

export function applyNotification({ after, before, caller, system, table, world }: Draft): void {
  if (after['owneridtype'] === 'team')
    throw badArgument('A notification is for one user; sending to a team is not supported.');
  if (before || system || after['ownerid'] === caller.userId) return;
  if (demand(world, caller, 'Read', table.name) === 'Basic') {
    throw privilegeDenied(privilegeName('Read', table.name), caller.userId);
  }
}

/**
 * JSON Patch (RFC 6902, `add` and `replace` only) on one referral. Pure: gives the changed referral
 * or throws; the whole document or nothing. Microsoft Learn: "Update a referral" (patch), value rules
 * and freezing from "Bulk operations for co-sell opportunities".
 */
import { copyOf, sameJson } from './json';
import { findPath, type PathContext } from './patch-paths';
import { againstState, invalid } from './refusal';
import { applyRegistrations, isRegistrationPath, type RegistrationContext } from './registrations';
import { checkTransition } from './state-machine';
import type { Referral } from './types';
import * as rules from './values';

export interface PatchOperation {
  readonly op: 'add' | 'replace';
  readonly path: string;
  readonly value: unknown;
}

export interface PatchContext extends PathContext, RegistrationContext {
  /** The engagement has a record of Microsoft. */
  readonly microsoftInvited: boolean;
}

/** Reads the document; 400 for anything but `add` and `replace`. */
export function readOperations(body: unknown): PatchOperation[] {
  if (!Array.isArray(body) || body.length === 0) {
    throw invalid('invalidPatch', 'body', 'A JSON Patch document is an array of operations.');
  }
  return body.map((raw: unknown, index) => {
    const target = `[${index}]`;
    if (typeof raw !== 'object' || raw === null) throw invalid('invalidPatch', target, 'An operation is an object.');
    const { op, path, value } = raw as { op?: unknown; path?: unknown; value?: unknown };
    if (op !== 'add' && op !== 'replace')
      throw invalid('invalidOperation', `${target}.op`, 'Only add and replace work.');
    if (typeof path !== 'string' || !path.startsWith('/'))
      throw invalid('invalidPath', `${target}.path`, 'Wrong path.');
    if (!('value' in raw)) throw invalid('requiredField', `${target}.value`, 'value is required.');
    if (op === 'replace' && path.endsWith('/-')) {
      throw invalid('invalidPath', `${target}.path`, 'Only add can append.');
    }
    return { op, path, value };
  });
}

export function applyPatch(before: Referral, operations: readonly PatchOperation[], context: PatchContext): Referral {
  const next = copyOf(before);
  for (const operation of operations) {
    if (!isRegistrationPath(operation.path)) applyOne(next, operation, context);
  }
  checkFrozen(before, next, context);
  checkState(before, next, operations, context);
  applyRegistrations(
    next,
    operations.filter((operation) => isRegistrationPath(operation.path)),
    context,
  );
  return next;
}

/** True when the document left everything as it was. */
export function changesNothing(before: Referral, after: Referral): boolean {
  return sameJson(before, after);
}

function applyOne(next: Referral, operation: PatchOperation, context: PatchContext): void {
  const path = findPath(operation.path, context.switches);
  if (!path) throw invalid('pathNotAllowed', operation.path, `${operation.path} cannot be changed.`);
  const value = path.accept(operation.value, operation.path, context);
  const names = path.path.slice(1).split('/');
  const last = names.pop() ?? '';
  const parent = names.reduce<unknown>((item, name) => (item as Record<string, unknown>)[name], next);
  if (Array.isArray(parent)) parent.push(value);
  else (parent as Record<string, unknown>)[last] = value;
  if (next.team.length > 50 || next.details.requirements.solutions.length > 50) {
    throw invalid('tooMany', operation.path, 'At most 50 entries.');
  }
}

/** Sharing is one-way, and customer contacts freeze once Microsoft can see them. */
function checkFrozen(before: Referral, next: Referral, { switches, microsoftInvited }: PatchContext): void {
  const flag = 'consentToShareReferralWithMicrosoftSellers';
  const shared = before.consent[flag];
  if (shared && !next.consent[flag]) {
    throw invalid('oneWay', `/consent/${flag}`, 'A deal that Microsoft sees cannot be hidden again.');
  }
  if (!shared || sameJson(before.customerProfile.team, next.customerProfile.team)) return;
  const rule = switches['patch.customerContactsWhenShared'];
  const stillOpen = before.customerProfile.team.length === 0 && !microsoftInvited;
  if (rule === 'frozen' || (rule === 'whenEmpty' && !stillOpen)) {
    throw invalid('readOnlyOnceShared', '/customerProfile/team', 'Contacts of a shared deal cannot be changed.');
  }
}

function checkState(
  before: Referral,
  next: Referral,
  operations: readonly PatchOperation[],
  { switches }: PatchContext,
): void {
  const paths = operations.map((operation) => operation.path.toLowerCase());
  if (before.status === 'Closed') {
    if (paths.length > 0 && paths.every(isRegistrationPath)) return;
    throw againstState(switches.terminal, 'terminal', 'status', 'A closed referral cannot be changed.');
  }
  if (paths.includes('/status') !== paths.includes('/substatus')) {
    throw invalid('statusPair', '/status', 'status and substatus go together.');
  }
  checkTransition(before, next, next.statusReason, switches);
  if (before.status === 'New' && next.status === 'Active' && switches['accept.requireDetails'] === 'on') {
    rules.checkDealValue(next.details.dealValue, '/details/dealValue');
    rules.checkInstant(next.details.closingDateTime, '/details/closingDateTime');
  }
}

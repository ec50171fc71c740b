/**
 * Makes accounts and contacts that a deal points to, before the deal is written.
 *
 * Their ids are derived, so an answer 412 means that somebody was first, which is as good.
 */
import type { CrmWrite } from '../ports';
import type { Operation, PartAnswer } from './batch';
import type { Batcher } from './batcher';
import { partyCreations } from './creation';
import { faultOf, printedCode, refusal } from './failures';
import type { Prepared } from './prepare';
import type { WritingContext } from './row-from-changes';

/** @returns why the customer cannot be made, or null */
export async function makeParty(
  { create }: CrmWrite,
  context: WritingContext,
  batcher: Batcher,
): Promise<Prepared | null> {
  if (!create || create.ref.type === 'lead') return null;
  return makeAll(partyCreations(create.values, create.party, create.owner, context), batcher);
}

/** The account first: contacts point to it. */
export async function makeAll(creations: readonly Operation[], batcher: Batcher): Promise<Prepared | null> {
  const [account, ...contacts] = creations;
  for (const group of [account ? [account] : [], contacts]) {
    const answers = await Promise.all(group.map((operation) => makeOne(operation, batcher)));
    for (const answer of answers) {
      if (answer.status < 400 || answer.status === 412) continue;
      const error = refusal(answer, 'creation of account or contact');
      if (error.code !== 'CRM_REFUSED') throw error;
      const fault = faultOf(answer);
      return { kind: 'refused', code: printedCode(fault.code), message: fault.message };
    }
  }
  return null;
}

/** The deal's owner is to see the customer too; where he may not own such rows, they stay with the worker's user. */
async function makeOne(operation: Operation, batcher: Batcher): Promise<PartAnswer> {
  const answer = await batcher.repeatable(operation);
  const body = operation.body as Readonly<Record<string, unknown>>;
  if (answer.status !== 403 || !('ownerid@odata.bind' in body)) return answer;
  const unowned = Object.fromEntries(Object.entries(body).filter(([column]) => column !== 'ownerid@odata.bind'));
  return batcher.repeatable({ ...operation, body: unowned });
}

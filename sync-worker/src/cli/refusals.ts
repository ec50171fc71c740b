/**
 * Failures that only an operator at a command line meets, with their way out.
 *
 * They stand apart from the worker's error catalogue because its texts are translated and travel into the sellers'
 * forms, where nobody needs them. docs/webhooks.md is checked against this table.
 */
export const refusalCatalogue = {
  WEBHOOK_NONE: 'No webhook is registered for this Partner Center account. Register one: cosell webhooks register.',
  WEBHOOK_FOREIGN:
    'The registered address belongs to another system, and an account has only one. Find out whose it is. With --replace the connector takes its place; the events of that system stay registered and are forwarded to it.',
  WEBHOOK_NOT_OURS:
    'What is registered now is not the address of this connector, so somebody changed it since. Look with cosell webhooks show; --force puts the former one back all the same.',
  WEBHOOK_NO_FORMER:
    'No former registration is remembered in the shared folder. Partner Center cannot delete a registration; it can only be pointed elsewhere: cosell webhooks register --url.',
  WEBHOOK_EVENTS:
    'Partner Center offers none of the referral events to the account. Check that it can see referrals in the portal, and that the signed-in user belongs to that account.',
  WEBHOOK_NO_TEST_EVENT:
    'The registration lacks the event test-created. Run cosell webhooks register again; it adds what is missing.',
  WEBHOOK_DENIED:
    'Partner Center does not let the signed-in user see or change the webhook. Give it one of these roles there: Admin agent, Sales agent, Helpdesk agent or Billing admin; a new role can take an hour to act. Referrals admin is enough on some accounts only.',
  WEBHOOK_REFUSED: 'Partner Center does not accept the registration. The detail says why.',
  WEBHOOK_CHANGED_MEANWHILE:
    'Somebody else changed the registration at the same moment. Look with cosell webhooks show, then run the command again.',
  WEBHOOK_UNPROVEN:
    'The registration stands, but no test notification has been accepted yet. Mend what the attempts above say, then run cosell webhooks test. Nothing is lost meanwhile: the worker polls.',
  WEBHOOK_BUSY:
    'Another cosell webhooks command is at work on the same shared folder. Wait for its end, then run this one again. If none is running, delete the named file.',
  WEBHOOK_MEMORY:
    'The file former-webhook.json in the shared folder cannot be used. It holds the address that was registered before; mend its rights or put it aside, then run the command again.',
  NO_STATUS:
    'No worker has left its state in the shared folder. Check that the worker runs, and that COSELL_CONNECTION and COSELL_SHARED_FOLDER are the same here and there.',
  STATUS_OLD:
    'The worker has not written lately. It was ended, hangs, or cannot write into the shared folder: look at its log and whether its host runs it.',
  WORKER_STOPPED: 'The worker was told to stop. Start it again, or look into the host why it is not running.',
  WORKER_FAILED:
    'The worker ended by itself; its host starts it again. What it names is for you to mend; its log says more.',
  PERSON_IN_USE:
    'What is named still holds the person, in what people or services write and the connector only copies. Remove the person there; once neither side shows it, the worker forgets it by itself. Then run the command again.',
  FORGET_DENIED:
    "The application user may not read or change what is named. It needs the security role Co-sell Integration, which the worker has; run the command with the worker's settings.",
  NOT_CONFIRMED: 'Nothing was changed. Answer yes, or give --yes where nobody can answer.',
} as const satisfies Record<string, string>;

export type RefusalCode = keyof typeof refusalCatalogue;

export interface RefusalOptions {
  /** What was found, without personal data and secrets. */
  readonly detail?: string;
  readonly requestId?: string;
}

/** A command cannot or must not go on: exit code 1. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly fix: string;
  readonly detail: string;
  readonly requestId: string | undefined;

  constructor(
    readonly code: RefusalCode,
    options: RefusalOptions = {},
  ) {
    super(`${code}: ${refusalCatalogue[code]}${options.detail ? ` (${options.detail})` : ''}`);
    this.fix = refusalCatalogue[code];
    this.detail = options.detail ?? '';
    this.requestId = options.requestId;
  }
}

/** An option's value is no good: exit code 2. The message is the fix and never repeats a secret. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

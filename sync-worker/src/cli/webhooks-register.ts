/**
 * `cosell webhooks register`: looks, decides, remembers, writes, proves.
 *
 * The order makes a kill harmless. Before the write the memory has what stood there; after it a second run finds its own
 * address and goes on to the proof. The API has no precondition, so the write is checked by reading again.
 */
import type { Registration } from '../partner-center/registration';
import { Refusal } from './refusals';
import { checkedReceiverUrl, receiverPath, shownUrl } from './webhook-url';
import { remembered, writeRegistration } from './webhooks-desk';
import type { Desk } from './webhooks-desk';
import { matches, notOffered, ourEvents, planRegistration, rememberBefore, testEvent } from './webhooks-plan';
import type { Plan } from './webhooks-plan';
import { prove } from './webhooks-prove';

export interface RegisterOptions {
  readonly url: string;
  readonly replace: boolean;
  readonly dryRun: boolean;
  /** How long the proof may take. */
  readonly waitMs: number;
}

export async function registerWebhook(desk: Desk, options: RegisterOptions): Promise<void> {
  const { io, client } = desk;
  const url = checkedReceiverUrl(options.url, desk.onThisMachine);
  const offered = await client.events();
  await write(desk, { ...options, url }, offered);
  if (options.dryRun) {
    io.out('Dry run: nothing was written, no test was sent.');
    return;
  }
  if (notOffered(offered).includes(testEvent)) {
    io.out('Without the test event the registration cannot be proved. Watch the deliveries on the status page.');
    return;
  }
  const proof = await prove(desk, url, options.waitMs);
  if (!proof.proven) throw new Refusal('WEBHOOK_UNPROVEN', { detail: unprovenDetail(proof.attempts.length) });
  io.out('The receiver accepted the test notification. Done.');
}

export function unprovenDetail(attempts: number): string {
  return attempts === 0 ? 'Partner Center has not tried to deliver yet' : `attempts so far: ${attempts}`;
}

const rounds = 3;

/** Once more from the start when somebody registered between our look and our write. */
async function write(desk: Desk, options: RegisterOptions, offered: readonly string[]): Promise<void> {
  const { io, client } = desk;
  for (let round = 1; round <= rounds; round++) {
    // First what stands there, then what is remembered: whoever wrote it remembered it before.
    const registered = await client.read();
    const memory = await remembered(desk);
    const plan = planRegistration(registered, memory.ours, { ...options, offered });
    if (plan.kind === 'refuse') throw new Refusal(plan.code, { detail: plan.detail || foreignDetail(registered) });
    io.out(describePlan(registered, plan, options.url));
    const left = notOffered(offered);
    if (left.length > 0) io.out(`  Partner Center does not offer ${left.join(', ')} to this account`);
    if (options.dryRun) return;

    await desk.memory.write(rememberBefore(memory, registered, options.url, new Date(io.clock.now()).toISOString()));
    if (plan.kind === 'keep') return;
    if (!(await writeRegistration(desk, registered !== null, plan.values))) continue;
    if (matches(await client.read(), plan.values)) {
      io.out('Registered.');
      return;
    }
    break;
  }
  throw new Refusal('WEBHOOK_CHANGED_MEANWHILE');
}

function foreignDetail(registered: Registration | null): string {
  if (!registered) return '';
  const { webhookUrl, webhookEvents } = registered;
  const alike = webhookUrl.replace(/\/+$/, '').endsWith(receiverPath)
    ? '\nit looks like another installation of the connector, maybe staging: an account has one address for all'
    : '';
  return `registered: ${shownUrl(webhookUrl)}\nevents: ${webhookEvents.join(', ') || 'none'}${alike}`;
}

const verbs = {
  create: 'Nothing is registered yet. To be registered',
  extend: 'This address is registered; something is missing. To be registered',
  move: 'An earlier address of the connector is registered. To be registered instead',
  replace: 'Another system is registered. To be registered in its place',
} as const;

function describePlan(registered: Registration | null, plan: Exclude<Plan, { kind: 'refuse' }>, url: string): string {
  const lines = [
    plan.kind === 'keep'
      ? 'This address is registered with all events that there are for it. Nothing to write.'
      : `${verbs[plan.kind]}: ${shownUrl(url)}`,
  ];
  if (plan.kind === 'replace' && registered)
    lines.push(
      `  replaces ${shownUrl(registered.webhookUrl)}, which is remembered: cosell webhooks restore puts it back`,
    );
  const shared =
    plan.kind === 'replace'
      ? ourEvents.filter((event) => event !== testEvent && registered?.webhookEvents.includes(event))
      : [];
  if (shared.length > 0)
    lines.push(`  it had ${shared.join(', ')} too: the web half passes those on with COSELL_WEBHOOK_FORWARD=all only`);
  if (plan.kind !== 'keep' && plan.addedEvents.length > 0)
    lines.push(`  adds the events ${plan.addedEvents.join(', ')}`);
  if (plan.kind === 'extend' && plan.addedEvents.length === 0)
    lines.push('  signatures come in the header x-ms-signature');
  if (plan.keptEvents.length > 0) lines.push(`  keeps the events ${plan.keptEvents.join(', ')}`);
  return lines.join('\n');
}

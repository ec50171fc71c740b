/**
 * The commands around the webhook registration. Only options and their meaning; each command's work has its own file.
 */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { CliIo } from './io';
import { Refusal } from './refusals';
import { receiverPath, shownUrl } from './webhook-url';
import { atDesk, remembered } from './webhooks-desk';
import type { Desk } from './webhooks-desk';
import { ownership, testEvent } from './webhooks-plan';
import { prove } from './webhooks-prove';
import { registerWebhook, unprovenDetail } from './webhooks-register';
import { restoreWebhook } from './webhooks-restore';
import { showWebhook } from './webhooks-show';

const waitSeconds = 120;

export function register(program: Command, io: CliIo): void {
  const webhooks = program
    .command('webhooks')
    .description("Partner Center's notifications: what is registered, register, test, undo")
    .helpCommand(false);

  webhooks
    .command('show')
    .description('show what is registered, whose it is, and how the last test went')
    .option('--json', 'as JSON')
    .action((options: { json?: boolean }) => atDesk(io, false, (desk) => showWebhook(desk, options.json === true)));

  webhooks
    .command('register')
    .description('register the address of the web half, keep the events of other systems, and prove it by a test')
    .requiredOption('--url <address>', `public address of the web half, ending with ${receiverPath}`)
    .option('--replace', 'take the place of another system; it is remembered and can be put back')
    .option('--dry-run', 'say what would be done, write nothing')
    .option('--wait <seconds>', 'how long to wait for the result of the test', seconds, waitSeconds)
    .action((options: { url: string; replace?: boolean; dryRun?: boolean; wait: number }) => {
      const { url, replace = false, dryRun = false, wait } = options;
      return atDesk(io, !dryRun, (desk) => registerWebhook(desk, { url, replace, dryRun, waitMs: wait * 1000 }));
    });

  webhooks
    .command('restore')
    .description('put back the address that was registered before ours')
    .option('--force', 'also when somebody else has registered since')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'say what would be done, write nothing')
    .action((options: { force?: boolean; yes?: boolean; dryRun?: boolean }) => {
      const { force = false, yes = false, dryRun = false } = options;
      return atDesk(io, !dryRun, (desk) => restoreWebhook(desk, { force, yes, dryRun }));
    });

  webhooks
    .command('test')
    .description('let Partner Center send a test notification and show what the receiver answered')
    .option('--json', 'as JSON')
    .option('--dry-run', 'only check that a test could be sent')
    .option('--wait <seconds>', 'how long to wait for its result', seconds, waitSeconds)
    .action((options: { json?: boolean; dryRun?: boolean; wait: number }) =>
      atDesk(io, options.dryRun !== true, (desk) => testWebhook(desk, options)),
    );
}

async function testWebhook(desk: Desk, options: { json?: boolean; dryRun?: boolean; wait: number }): Promise<void> {
  const { io, client } = desk;
  const registered = await client.read();
  if (!registered) throw new Refusal('WEBHOOK_NONE');
  const { ours } = await remembered(desk);
  if (ownership(registered, ours) === 'foreign') {
    const known = 'if that is this connector, cosell webhooks register --url with that address makes it known here';
    throw new Refusal('WEBHOOK_FOREIGN', {
      detail: `the test would go to ${shownUrl(registered.webhookUrl)}\n${known}`,
    });
  }
  if (!registered.webhookEvents.some((event) => event.toLowerCase() === testEvent))
    throw new Refusal('WEBHOOK_NO_TEST_EVENT');
  if (options.dryRun) {
    io.out(`A test would go to ${shownUrl(registered.webhookUrl)}. Dry run: none was sent.`);
    return;
  }
  const proof = await prove(desk, registered.webhookUrl, options.wait * 1000);
  if (options.json) io.out(JSON.stringify(proof, undefined, 2));
  if (!proof.proven) throw new Refusal('WEBHOOK_UNPROVEN', { detail: unprovenDetail(proof.attempts.length) });
  if (!options.json) io.out('The receiver accepted the test notification.');
}

function seconds(text: string): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  if (!(value >= 1 && value <= 1200)) throw new InvalidArgumentError('give whole seconds from 1 to 1200');
  return value;
}

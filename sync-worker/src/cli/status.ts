/**
 * `cosell status`: what the worker wrote about itself, in words. Reads one file, asks no service.
 */
import type { Command } from 'commander';
import { statusFile } from '../hand-over/status';
import type { FeedStatus, WorkerStatus } from '../ports';
import { textOfCode } from '../web/code-text';
import type { CliIo } from './io';
import { sharedFolder, withSettings } from './partner-center-settings';
import { Refusal } from './refusals';

/** A worker that lives writes every five seconds; so long a network share may be slow. */
const oldMs = 60_000;

export function register(program: Command, io: CliIo): void {
  program
    .command('status')
    .description('what the worker says about itself: queue, feeds, parked deals, sign-in')
    .option('--json', 'as JSON')
    .action((options: { json?: boolean }) => showStatus(io, options.json === true));
}

async function showStatus(io: CliIo, json: boolean): Promise<void> {
  const folder = withSettings(io, sharedFolder);
  const status = await statusFile(folder, { clock: io.clock }).read();
  if (!status) throw new Refusal('NO_STATUS', { detail: `folder ${folder}` });
  const ageMs = io.clock.now() - Date.parse(status.writtenOn);
  io.out(json ? JSON.stringify(status, undefined, 2) : inWords(status, ageMs));
  if (status.state === 'failed') throw new Refusal('WORKER_FAILED', { detail: failure(status) });
  if (status.state === 'stopped') throw new Refusal('WORKER_STOPPED', { detail: `stopped ${ago(ageMs)}` });
  if (ageMs > oldMs) throw new Refusal('STATUS_OLD', { detail: `last word ${ago(ageMs)}` });
}

function failure({ failureCode }: WorkerStatus): string {
  if (failureCode === undefined) return '';
  return [failureCode, textOfCode(failureCode).text].filter(Boolean).join(': ');
}

function inWords(status: WorkerStatus, ageMs: number): string {
  const { queue, feeds, throttling, balance } = status;
  const row = (name: string, value: string): string => `${`${name}:`.padEnd(17)} ${value}`;
  return [
    row('Worker', `${status.state}, connection ${status.connection}, version ${status.workerVersion}`),
    ...(status.failureCode === undefined ? [] : [row('Waits for', failure(status))]),
    row('Started', status.startedOn),
    row('Last word', `${status.writtenOn} (${ago(ageMs)})`),
    row(
      'Deals',
      `${status.links} linked, ${status.parkedDeals} parked; at work on ${queue.running}, waiting to be tried again ${queue.waiting}`,
    ),
    row('CRM', feedInWords(feeds.crm)),
    row('Partner Center', feedInWords(feeds.partnerCenter)),
    row('Sign-in', signInInWords(status)),
    ...(['dataverse', 'partnerCenter'] as const).flatMap((side) => {
      const { refused, waitingUntil } = throttling[side];
      if (refused === 0 && waitingUntil === null) return [];
      const name = side === 'dataverse' ? 'The CRM' : 'Partner Center';
      return [
        row(
          'Throttled',
          `${name} turned away ${refused} requests${waitingUntil ? `, pause until ${waitingUntil}` : ''}`,
        ),
      ];
    }),
    row('Changes', `${balance.seen} seen; ${countsInWords(balance.endings)}`),
    ...Object.entries(status.parked)
      .sort(([, a], [, b]) => b - a)
      .map(([code, deals]) =>
        row('Parked', `${deals} × ${code}${textOfCode(code).text ? `: ${textOfCode(code).text}` : ''}`),
      ),
  ].join('\n');
}

function feedInWords({ lastPollOn, watermarkAgeSeconds, failures }: FeedStatus): string {
  const told = lastPollOn === null ? 'not read yet' : `last read ${lastPollOn}`;
  const age = watermarkAgeSeconds === null ? '' : `, complete up to ${ago(watermarkAgeSeconds * 1000)}`;
  return `${told}${age}${failures > 0 ? `, ${failures} failures in a row` : ''}`;
}

function signInInWords({ signIn }: WorkerStatus): string {
  if (!signIn || signIn.daysLeft === null) return 'not known when it ends';
  if (signIn.daysLeft < 0) return 'over; sign in again with cosell signin';
  return `${signIn.daysLeft} days left${signIn.daysLeft < 30 ? '; sign in again with cosell signin' : ''}`;
}

function countsInWords(counts: object): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${String(count)}`)
    .join(', ');
}

function ago(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 0) return 'in the future: the clocks differ';
  if (seconds < 120) return `${seconds} s ago`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min ago` : `${Math.round(minutes / 60)} h ago`;
}

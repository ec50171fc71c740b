/** Arguments of any kind: the operator is told what is wrong, with an exit code, and never sees a stack. */
import fc from 'fast-check';
import { checkedReceiverUrl, sameUrl } from '../../sync-worker/src/cli/webhook-url';
import { runCli } from '../../sync-worker/src/cli/main';
import { UsageError } from '../../sync-worker/src/cli/refusals';
import { FakeClock } from '../../sync-worker/src/testing/fake-clock';
import { holds, holdsLater, judged, oddText } from './kit';

const noLog = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const words = [
  'signin',
  'webhooks',
  'status',
  'show',
  'register',
  'restore',
  'prove',
  'test',
  '--help',
  '--version',
  '--url',
  '--replace',
  '--force',
  '--yes',
  '-h',
  '--',
  '-',
  '--url=',
  '--__proto__',
  '--constructor',
  'help',
];

test('arguments of any kind end with a named reason or a usage, and no stack', async () => {
  const argument = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...words) }, { weight: 2, arbitrary: oddText });
  const command = fc.constantFrom<string[]>(
    [],
    ['status'],
    ['signin'],
    ['webhooks', 'show'],
    ['webhooks', 'restore'],
    ['webhooks', 'register', '--url', 'https://contoso-cosell.azurewebsites.net/webhooks/partner-center'],
  );
  const line = fc.tuple(command, fc.array(argument, { maxLength: 3 })).map(([first, more]) => [...first, ...more]);
  await holdsLater(line, async (args) => {
    const said: string[] = [];
    const asked: string[] = [];
    const say = (text: string): void => void said.push(text);
    // Without settings nothing is reached: what is tested is what comes before.
    const io = {
      env: {},
      readFile: () => '',
      out: say,
      err: say,
      ask: async (question: string) => (asked.push(question), ''),
      clock: new FakeClock({ auto: true }),
      log: noLog,
    };
    const exitCode = await runCli(args, io);
    expect([0, 1, 2]).toContain(exitCode);
    const text = said.join('\n');
    expect(text).not.toMatch(/^\s+at .*:\d+:\d+/m);
    expect(text).not.toMatch(/TypeError|RangeError|is not a function|undefined/);
    if (exitCode !== 0) expect(text.trim()).not.toBe('');
    expect(asked.length).toBeLessThan(5);
  });
});

test('an address for Partner Center is public, https and the receiver’s, or refused as a usage', () => {
  const good = 'https://contoso-cosell.azurewebsites.net/webhooks/partner-center';
  expect(checkedReceiverUrl(good, false)).toBe(good);
  const bad = fc.oneof(
    oddText,
    fc.webUrl(),
    oddText.map((text) => `https://contoso.example.com/${text}/webhooks/partner-center`),
    oddText.map((text) => `https://${text}/webhooks/partner-center`),
    oddText.map((text) => good + text),
  );
  holds(
    bad,
    (text) => {
      const url = judged(
        () => checkedReceiverUrl(text, false),
        (error) => (error instanceof UsageError ? 'quotes' : false),
      );
      if (url === undefined) return;
      expect(new URL(url).protocol).toBe('https:');
      expect(new URL(url).pathname.endsWith('/webhooks/partner-center')).toBe(true);
      judged(() => sameUrl(url, text));
    },
    2,
  );
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { SyncError } from '../errors';
import { endingOf } from './failure';
import { Refusal, refusalCatalogue, UsageError } from './refusals';

test('docs/webhooks.md names every refusal with its way out, and no other', () => {
  const text =
    readFileSync(join(__dirname, '../../../docs/webhooks.md'), 'utf8').split('## What the commands refuse')[1] ?? '';
  const rows = [...text.matchAll(/^\| `([A-Z_]+)` +\| (.+?) +\|$/gm)].map(([, code, fix]) => [code, fix]);
  expect(Object.fromEntries(rows)).toEqual(refusalCatalogue);
  expect(rows).toHaveLength(Object.keys(refusalCatalogue).length);
});

describe('how a command ends', () => {
  test('a refusal and an error of the worker: code, detail, way out, request id, exit code 1', () => {
    expect(endingOf(new Refusal('WEBHOOK_BUSY', { detail: 'a\nb', requestId: 'r-1' }))).toEqual({
      exitCode: 1,
      text: `WEBHOOK_BUSY\n  a\n  b\n  ${refusalCatalogue.WEBHOOK_BUSY}\n  request id: r-1`,
    });
    const { exitCode, text } = endingOf(new SyncError('PARTNER_CENTER_SIGN_IN', { detail: 'AADSTS50173' }));
    expect([exitCode, text.split('\n').slice(0, 2)]).toEqual([1, ['PARTNER_CENTER_SIGN_IN', '  AADSTS50173']]);
  });

  test('what the worker would repeat by itself the operator is told to repeat', () => {
    const { text } = endingOf(new SyncError('SERVICE_UNAVAILABLE', { detail: 'Partner Center answered 503' }));
    expect(text).toMatch(/Run the command again/);
    expect(text).not.toMatch(/by itself/);
  });

  test('wrong usage ends with 2, help with 0', () => {
    expect(endingOf(new UsageError('--url is no address'))).toEqual({
      exitCode: 2,
      text: 'error: --url is no address',
    });
    expect(endingOf(new CommanderError(1, 'commander.unknownCommand', 'x'))).toEqual({ exitCode: 2, text: '' });
    expect(endingOf(new CommanderError(0, 'commander.helpDisplayed', 'x'))).toEqual({ exitCode: 0, text: '' });
  });

  test('a defect shows neither its stack nor what foreign code put into its message', () => {
    const { exitCode, text } = endingOf(new TypeError('cannot read token of anna@contoso.com'));
    expect(exitCode).toBe(1);
    expect(text).toMatch(/^DEFECT\n {2}TypeError: cannot read token of <email>\n/);
    expect(text).not.toMatch(/\bat .*\.ts/);
    expect(endingOf('a text was thrown').exitCode).toBe(1);
  });
});

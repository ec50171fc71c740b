import { readFileSync } from 'node:fs';
import type { CliIo } from '../../sync-worker/src/cli/io';
import { runCli } from '../../sync-worker/src/cli/main';
import { logLines } from '../../sync-worker/src/testing/log-lines';
import { World } from '../world';

/** `cosell forget` beside a worker that goes on: what is gone stays gone, and what people wrote is theirs. */
const ines = {
  firstName: 'Ines',
  lastName: 'Vollmer',
  email: 'ines.vollmer@microsoft.example',
  phoneNumber: '+1 425 555 0142',
};
const jonas = {
  firstName: 'Jonas',
  lastName: 'Rehm',
  email: 'jonas.rehm@microsoft.example',
  phoneNumber: '+1 425 555 0143',
};
const traces = /ines\.vollmer|Vollmer|\bi\*\*\*@microsoft/i;

let world: World;
const log = logLines();
const answers: string[] = [];
const asked: string[] = [];

async function forget(...args: string[]): Promise<{ exitCode: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const io: CliIo = {
    env: world.env,
    readFile: (path) => readFileSync(path, 'utf8'),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    ask: async (question) => {
      asked.push(question);
      return answers.shift() ?? '';
    },
    clock: {
      now: () => world.clock.now(),
      monotonic: () => world.clock.now(),
      sleep: async (milliseconds) => void world.clock.advance(milliseconds),
    },
    log,
  };
  const exitCode = await runCli(['forget', ...args], io);
  return { exitCode, out: out.join('\n'), err: err.join('\n') };
}

beforeEach(async () => {
  world = await World.start({
    dataverse: { enforcePrivileges: 'on' },
    settings: { cosell_defaultowner: 'mareike.osterkamp@contoso.example' },
  });
});
afterEach(async () => {
  // The address travels in bodies alone, and no log of ours or of a proxy has it.
  const urls = world.journal.since(0).flatMap((entry) => [entry.url]);
  expect(urls.filter((url) => /vollmer/i.test(decodeURIComponent(url)))).toEqual([]);
  expect(log.text()).not.toMatch(/vollmer/i);
  await world.stop();
});

async function coSell(): Promise<string> {
  const id = world.opportunity();
  world.share(id, { cosell_helprequired: 489100001 });
  await world.sync();
  const referral = world.referralOf(id);
  world.partnerCenter.microsoft.accept(referral.engagementId, { sellers: [ines, jonas] } as never);
  world.partnerCenter.portal.edit(referral.id, { team: [...referral.team, ines] } as never);
  world.clock.advance(61_000);
  await world.worker.minute();
  await world.sync();
  return id;
}
async function won(): Promise<string> {
  const id = await coSell();
  world.seller.win(id);
  await world.sync();
  return id;
}
const held = (): string =>
  JSON.stringify([
    world.seller.list('cosell_referral'),
    world.events(),
    world.opportunities(),
    world.seller.list('lead'),
  ]);
const email = ines.email.toUpperCase();

test('a deal that is over forgets the person in row, events and columns; the worker stays silent and nothing comes back', async () => {
  const id = await won();
  expect(held()).toMatch(traces);
  const seen = await forget(email, '--dry-run');
  expect(seen).toMatchObject({ exitCode: 0, err: '' });
  expect(seen.out).toMatch(/Would be cleaned: 1 rows of deals that are over, [1-9]\d* sync events, 1 records/);
  expect(held()).toMatch(traces);
  expect(asked).toEqual([]);

  answers.push('yes');
  const done = await forget(email);
  expect(done).toMatchObject({ exitCode: 0, err: '' });
  expect(asked.splice(0)).toEqual([expect.stringMatching(/cannot be undone/)]);
  expect(done.out).toMatch(/Cleaned: 1 rows[^]*hold nothing of this address any more/);
  expect(held()).not.toMatch(traces);
  expect(String(world.get(id)['cosell_microsoftteam'])).toContain('Jonas Rehm');
  expect(world.events(id).some((event) => String(event['cosell_newvalue']).includes('somebody'))).toBe(true);

  await world.sync();
  await world.expectSilence();
  await world.restartWorker();
  await world.sync();
  await world.worker.compare();
  await world.sync();
  expect(held()).not.toMatch(traces);
  await world.expectSilence();
  const again = await forget(ines.email, '--yes', '--json');
  expect(again).toMatchObject({ exitCode: 0, err: '' });
  expect(JSON.parse(again.out)).toEqual({ dryRun: false, rows: 0, events: 0, records: 0, inUse: [] });
  // The closed deal's edits are still answered.
  world.seller.update('opportunity', id, { name: 'Umbenannt' });
  await world.sync();
  expect(world.events(id).map((event) => event['cosell_code'])).toContain('REFERRAL_CLOSED');
  await world.expectSilence();
});

test('a person with an apostrophe in the address is forgotten like everybody else', async () => {
  const miles = { firstName: 'Miles', lastName: "O'Neil", email: "miles.o'neil@microsoft.example", phoneNumber: '1' };
  const id = world.opportunity();
  world.share(id, { cosell_helprequired: 489100001 });
  await world.sync();
  world.partnerCenter.microsoft.accept(world.referralOf(id).engagementId, { sellers: [miles, jonas] } as never);
  world.clock.advance(61_000);
  await world.worker.minute();
  await world.sync();
  world.seller.win(id);
  await world.sync();
  expect(held()).toContain("miles.o'neil");
  expect(await forget("Miles.O'Neil@microsoft.example", '--yes')).toMatchObject({ exitCode: 0, err: '' });
  expect(held()).not.toMatch(/o'neil/i);
  expect(String(world.get(id)['cosell_microsoftteam'])).toContain('Jonas Rehm');
  await world.expectSilence();
});

test('a deal at work is named and left alone, until both sides have let the person go', async () => {
  const id = await coSell();
  world.seller.update('opportunity', id, { cosell_dealnotes: `fragt ${ines.email}` });
  await world.sync();
  const row = JSON.stringify(world.link(id));
  const { exitCode, out, err } = await forget(ines.email, '--yes');
  expect(exitCode).toBe(1);
  expect(err).toMatch(/^PERSON_IN_USE/);
  expect(out).toContain(
    `opportunity ${id} "Kühlkette für Brückner & Sohn", referral ${world.referralOf(id).id}: dealNotes, team, microsoft, cosell_microsoftteam, cosell_dealnotes`,
  );
  expect(JSON.stringify(world.link(id))).toBe(row);
  expect(JSON.stringify(world.events(id))).not.toMatch(/\bi\*\*\*@microsoft/);
  await world.expectSilence();

  const referral = world.referralOf(id);
  world.partnerCenter.portal.edit(referral.id, {
    team: referral.team.filter((one) => one.email !== ines.email),
    notes: 'niemand',
  } as never);
  world.partnerCenter.microsoft.edit(referral.engagementId, { sellers: [jonas], notes: 'niemand' } as never);
  world.clock.advance(61_000);
  await world.worker.minute();
  await world.sync();
  expect(await forget(ines.email, '--yes')).toMatchObject({ exitCode: 0, err: '' });
  expect(held()).not.toMatch(traces);
  await world.expectSilence();
});

test('without a yes nothing is changed', async () => {
  await won();
  const before = held();
  answers.push('');
  expect(await forget(ines.email)).toMatchObject({ exitCode: 1, err: expect.stringMatching(/^NOT_CONFIRMED/) });
  asked.splice(0);
  expect(held()).toBe(before);
});

test('what the worker writes at the same moment is looked at again, not overwritten', async () => {
  const id = await won();
  const changed = JSON.stringify({
    error: {
      code: '0x80060882',
      message: 'The version of the existing record does not match the RowVersion property provided.',
    },
  });
  for (const table of ['cosell_referrals', 'opportunities'])
    world.faults.next({
      service: 'dataverse',
      method: 'PATCH',
      url: table,
      kind: 'answer',
      status: 412,
      headers: { 'content-type': 'application/json' },
      answer: changed,
    });
  expect(await forget(ines.email, '--yes')).toMatchObject({ exitCode: 0 });
  expect(world.faults.pending()).toBe(0);
  expect(held()).not.toMatch(traces);
  expect(String(world.get(id)['cosell_microsoftteam'])).toContain('Jonas');
  await world.expectSilence();
});

test('a record that takes no more writes is named, and the rest is cleaned', async () => {
  const id = await won();
  const refused = JSON.stringify({ error: { code: '0x80048408', message: 'closed' } });
  world.faults.next({
    service: 'dataverse',
    method: 'PATCH',
    url: 'opportunities',
    kind: 'answer',
    status: 400,
    headers: { 'content-type': 'application/json' },
    answer: refused,
  });
  const { exitCode, out } = await forget(ines.email, '--yes');
  expect(exitCode).toBe(1);
  expect(out).toMatch(new RegExp(`opportunity ${id} .*cosell_microsoftteam, .*refused`));
  expect(JSON.stringify([world.link(id), world.events()])).not.toMatch(traces);
});

test('a setting that names the person is named', async () => {
  const { exitCode, out } = await forget('mareike.osterkamp@contoso.example', '--dry-run');
  expect(exitCode).toBe(1);
  expect(out).toMatch(/setting cosell_defaultowner: value/);
});

test('a row whose memory is damaged is named, and does not stop the rest', async () => {
  await won();
  const other = world.opportunity({ name: 'Zweite' });
  world.share(other);
  await world.sync();
  await world.worker.close();
  world.seller.update('cosell_referral', String(world.link(other)?.['cosell_referralid']), {
    cosell_shadow: `{"fields": ["${ines.email}"`,
  });
  const { exitCode, out } = await forget(ines.email, '--yes');
  expect(exitCode).toBe(1);
  expect(out).toMatch(/Cleaned: 1 rows/);
  expect(out).toMatch(/row .*damaged: cosell_shadow/);
});

test('an application user without the role is told which one it needs', async () => {
  await won();
  Object.assign(world.dataverse.switches, { applicationRoles: ['Co-sell Manager'] });
  const { exitCode, err } = await forget(ines.email, '--yes');
  expect(exitCode).toBe(1);
  expect(err).toMatch(/^FORGET_DENIED[^]*Co-sell Integration/);
  Object.assign(world.dataverse.switches, { applicationRoles: ['Co-sell Integration'] });
});

test('what is no address ends as wrong usage, before anybody is asked', async () => {
  const mark = world.journal.mark();
  expect(await forget('Ines Vollmer', '--yes')).toMatchObject({
    exitCode: 2,
    err: expect.stringMatching(/one e-mail address/),
  });
  expect(world.requests(mark, 'dataverse')).toEqual([]);
});

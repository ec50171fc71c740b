import type { Row } from '../../emulators/dataverse';
import { createLog } from '../../sync-worker/src/log';
import { compose } from '../../sync-worker/src/compose';
import { loadConfig } from '../../sync-worker/src/config';
import { World } from '../world';

/**
 * The whole story once, with everything that must not be written down: people, their addresses and numbers, secrets and
 * tokens. What the worker logged and what it keeps as sync events is then searched, literally and by pattern.
 */
const clientSecret = 'emulator-only-secret';
const microsoftSeller = {
  firstName: 'Ines',
  lastName: 'Vollmer',
  email: 'ines.vollmer@microsoft.example',
  phoneNumber: '+1 425 555 0142',
};
const contact = {
  firstName: 'Liesl',
  lastName: 'Grünwald',
  phoneNumber: '+43 1 5550 400',
  email: 'liesl.gruenwald@gruenwald.example',
};
const stranger = {
  firstName: 'Ronja',
  lastName: 'Feldkamp',
  phoneNumber: '+49 341 5550100',
  email: 'ronja.feldkamp@partner.example',
};
const ours = {
  firstName: 'Mareike',
  lastName: 'Osterkamp',
  phoneNumber: '+49 40 5550 1234',
  email: 'mareike.osterkamp@contoso.example',
};

const emailPattern = /[\p{L}\p{N}._%+-]+@(?!odata\b|mscrm\b|Microsoft\.)[\p{L}\p{N}-]+\.[\p{L}\p{N}.-]+/u;
const phonePattern = /(?:\+|\b00)\d{1,3}[ ()./-]{0,2}\d(?:[ ()./-]?\d){5,}/;
const tokenPattern =
  /\beyJ[\w-]{10,}\.[\w-]{10,}|\bbearer\s+[\w.~+/=-]{8,}|(?:client_secret|refresh_token|access_token|client_assertion|password)["']?\s*[=:]\s*["']?(?!<)[^\s"'<]{4,}/i;

let world: World;
/** Refresh tokens that were issued, and access tokens as the services saw them. */
let secrets: string[];
let logs: string[];
let events: Row[];

beforeAll(async () => {
  world = await World.start({
    settings: { cosell_defaultowner: ours.email, cosell_synccosellopportunitiesonly: 'no' },
  });
  // The real log at its most talkative, beside the world's raw one: nothing may depend on the level.
  const lines: string[] = [];
  await world.worker.close();
  const config = loadConfig(world.env, () => {
    throw new Error('no file here');
  });
  let seed = 4_711;
  const composed = compose(config, {
    log: createLog({ level: 'debug', stream: { write: (line: string) => void lines.push(line) } }),
    clock: {
      now: () => world.clock.now(),
      monotonic: () => world.clock.now(),
      sleep: async (milliseconds) => void world.clock.advance(milliseconds),
    },
    random: () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647,
    owner: 'test',
  });
  expect(await composed.worker.open()).toBe(true);
  await story(composed.worker);
  await composed.worker.close();
  // And once more through the world's own log, which writes down whatever it is given.
  await world.restartWorker();
  await story(world.worker);
  // Ids are no numbers of persons.
  logs = [...lines, ...world.logs].map((line) => line.replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi, '<id>'));
  events = world.events();
  secrets = [
    clientSecret,
    String(world.env['PARTNER_CENTER_REFRESH_TOKEN']),
    ...world.journal
      .since(0, 'entra')
      .flatMap((entry) =>
        [...entry.responseBody.matchAll(/"(?:access|refresh|id)_token":"([^"]+)"/g)].map((match) => String(match[1])),
      ),
  ];
}, 120_000);
afterAll(() => world.stop());

async function story(worker: World['worker']): Promise<void> {
  world.worker = worker;
  const seller = world.seller;
  const shared = world.opportunity({
    cosell_dealnotes: 'Rückruf an mareike.osterkamp@contoso.example oder +49 170 5550 123',
  });
  world.share(shared, {
    cosell_helprequired: 489100001,
    cosell_notestomicrosoft: 'Ansprechpartnerin: annegret.brueckner@brueckner.example, +49 221 5550 987',
  });
  const bad = world.opportunity({
    ownerid: { systemuser: world.seed.users.sellerWithoutPhone } as never,
    parentcontactid: world.seed.contacts.withoutPhone,
  });
  world.share(bad, { cosell_helprequired: 489100001 });
  const plain = world.opportunity({ name: 'Ohne Hilfe' });
  world.share(plain);
  await world.sync();
  // Edits of people and of notes with people in them, on both sides.
  world.partnerCenter.portal.edit(world.referralOf(plain).id, {
    team: [ours, stranger],
    notes: 'Bitte ronja.feldkamp@partner.example anrufen: +49 341 5550100',
    customer: { team: [contact] as never },
  });
  world.partnerCenter.microsoft.accept(world.referralOf(shared).engagementId, {
    sellers: [microsoftSeller],
    notes: 'Call +1 425 555 0142 or ines.vollmer@microsoft.example',
  });
  seller.update('opportunity', plain, {
    parentcontactid: world.seed.contacts.french,
    ownerid: { systemuser: world.seed.users.sellerWithoutPhone } as never,
  });
  await world.sync();
  world.clock.advance(61_000);
  await worker.minute();
  await world.sync();
  seller.update('opportunity', plain, {
    ownerid: { systemuser: world.seed.users.seller } as never,
    cosell_dealnotes: 'neu: eloise.damico@ete-electrique.example',
  });
  // Services that repeat what they were sent.
  const echo = JSON.stringify({
    error: {
      code: 'badRequest',
      message: `Seller ${stranger.email} (${stranger.phoneNumber}) of token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzZWNyZXQtMTIzIn0.c2lnbmF0dXJlLTEyMzQ1Ng is unknown`,
    },
  });
  world.faults.next({
    service: 'partnerCenter',
    method: 'PATCH',
    kind: 'answer',
    status: 400,
    headers: { 'content-type': 'application/json' },
    answer: echo,
  });
  await world.sync();
  world.faults.clear();
  seller.update('opportunity', plain, { cosell_dealnotes: 'ohne Namen' });
  await world.sync();
  // Deals and leads that come in, one of them refused by the CRM with the person in its words.
  const incoming = world.partnerCenter.microsoft.createDeal({
    name: 'Kälte',
    customer: {
      name: 'Grünwald & Cie',
      address: { addressLine1: 'Ring 8', city: 'Wien', postalCode: '1010', country: 'AT' },
      team: [contact],
    } as never,
    solutions: ['SOL-70421-QLM'],
    value: 80_000,
    currency: 'EUR',
    closingDate: '2027-05-14',
    notes: `Von ${microsoftSeller.email}`,
    sellers: [microsoftSeller],
  });
  const lead = world.partnerCenter.microsoft.createLead({
    name: 'Interesse',
    customer: {
      name: 'Grünwald & Cie',
      address: { addressLine1: 'Ring 8', city: 'Wien', postalCode: '1010', country: 'AT' },
      team: [contact],
    } as never,
    solutions: ['SOL-70421-QLM'],
    value: 9_000,
    currency: 'EUR',
    closingDate: '2027-05-14',
  });
  const refusal = JSON.stringify({
    error: {
      code: '0x80040265',
      message: `Plug-in: ${contact.email}, ${contact.phoneNumber} must not be ${clientSecret}=x client_secret=${clientSecret}`,
    },
  });
  world.faults.next({
    service: 'dataverse',
    method: 'POST',
    url: '$batch',
    body: /POST [^ ]*\/leads/,
    kind: 'answer',
    status: 400,
    headers: { 'content-type': 'application/json' },
    answer: refusal,
    times: 4,
  });
  await world.sync();
  expect(world.faults.pending()).toBeLessThan(3);
  world.faults.clear();
  world.clock.advance(61 * 60_000);
  await worker.minute();
  await world.sync();
  expect(world.opportunities().some((row) => row['cosell_referralidentifier'] === incoming.id)).toBe(true);
  expect(seller.list('lead').some((row) => row['cosell_referralidentifier'] === lead.id)).toBe(true);
  // A sign-in that is refused, and a good one again.
  world.clock.advance(2 * 3_600_000);
  world.faults.next({
    service: 'entra',
    kind: 'answer',
    status: 401,
    headers: { 'content-type': 'application/json' },
    answer: JSON.stringify({
      error: 'invalid_client',
      error_description: `AADSTS7000215: Invalid client secret ${clientSecret} for ${ours.email}. Trace ID: 1`,
    }),
    times: 1,
  });
  await worker.pass().catch(() => undefined);
  world.faults.clear();
  // A refused sign-in is not asked about at every poll.
  world.clock.advance(16 * 60_000);
  await world.sync();
  seller.win(shared);
  await world.sync();
}

/** Every address and number that anybody in this world has. */
function persons(): string[] {
  const columns = [
    'internalemailaddress',
    'domainname',
    'emailaddress1',
    'telephone1',
    'mobilephone',
    'address1_telephone1',
  ];
  const rows = ['systemuser', 'contact', 'lead'].flatMap((table) => world.seller.list(table));
  const known = rows.flatMap((row) => columns.flatMap((column) => (row[column] ? [String(row[column])] : [])));
  return [
    ...new Set([
      ...known,
      ...[microsoftSeller, contact, stranger, ours].flatMap((person) => [person.email, person.phoneNumber]),
    ]),
  ];
}

/** Numbers are the same however they are written. */
const digits = (text: string): string => text.replace(/[\s().+\-/]/g, '');

test('the story was told: there are logs of all levels and events of people, and secrets to look for', () => {
  expect(logs.length).toBeGreaterThan(100);
  expect(logs.some((line) => /warn/i.test(line))).toBe(true);
  expect(events.some((event) => event['cosell_field'] === 'team')).toBe(true);
  expect(events.some((event) => event['cosell_field'] === 'contacts')).toBe(true);
  expect(events.some((event) => event['cosell_field'] === 'dealNotes')).toBe(true);
  expect(secrets.filter((secret) => secret.length > 20).length).toBeGreaterThan(3);
  expect(persons().length).toBeGreaterThan(10);
});

test('no secret and no token is in a log', () => {
  const all = logs.join('\n');
  for (const secret of secrets) expect(all.includes(secret)).toBe(false);
  expect(logs.filter((line) => tokenPattern.test(line))).toEqual([]);
});

test('no e-mail address and no phone number is in a log', () => {
  expect(persons().filter((one) => logs.some((line) => line.toLowerCase().includes(one.toLowerCase())))).toEqual([]);
  expect(logs.filter((line) => emailPattern.test(line))).toEqual([]);
  expect(logs.filter((line) => phonePattern.test(line))).toEqual([]);
});

test('no person’s name is in a log', () => {
  const names = ['Osterkamp', 'Lefèvre', 'Brückner', 'Petersen', 'Amico', 'Vollmer', 'Feldkamp', 'Liesl'];
  expect(names.filter((name) => logs.some((line) => line.includes(name)))).toEqual([]);
});

test('sync events mask persons, and hold no secret, address or number', () => {
  const texts = events.map((event) =>
    ['cosell_name', 'cosell_oldvalue', 'cosell_newvalue', 'cosell_message', 'cosell_code']
      .map((column) => String(event[column] ?? ''))
      .join(' | '),
  );
  const all = texts.join('\n');
  for (const secret of secrets) expect(all.includes(secret)).toBe(false);
  expect(persons().filter((one) => all.toLowerCase().includes(one.toLowerCase()))).toEqual([]);
  const numbers = persons()
    .filter((one) => !one.includes('@'))
    .map(digits);
  expect(numbers.filter((number) => digits(all).includes(number))).toEqual([]);
  expect(texts.filter((text) => tokenPattern.test(text) || phonePattern.test(text))).toEqual([]);
  // What is left of an address is its first letter and its domain.
  expect(texts.filter((text) => emailPattern.test(text.replace(/\b\p{L}\*\*\*@[\p{L}\p{N}.-]+/gu, '')))).toEqual([]);
  expect(texts.some((text) => text.includes('R.F. r***@partner.example'))).toBe(true);
});

test('what the rows and the audit text keep for support holds no secret, and the audit no address or number', () => {
  const rows = world.seller
    .list('cosell_referral')
    .map((row) => `${String(row['cosell_error'] ?? '')} ${String(row['cosell_errorcode'] ?? '')}`);
  const audits = [...world.opportunities(), ...world.seller.list('lead')].map((row) =>
    String(row['cosell_audit'] ?? ''),
  );
  const all = [...rows, ...audits].join('\n');
  for (const secret of secrets) expect(all.includes(secret)).toBe(false);
  expect(persons().filter((one) => all.toLowerCase().includes(one.toLowerCase()))).toEqual([]);
  expect(
    [...rows, ...audits].filter(
      (text) => emailPattern.test(text) || phonePattern.test(text) || tokenPattern.test(text),
    ),
  ).toEqual([]);
});

/**
 * The panel's two reads against the Dataverse emulator, which refuses every name and option that it does not know.
 *
 * The answer is judged by the same rules as on the form, as the seller himself would read it.
 */
import { startTestOrganization, type TestOrganization } from '../../../emulators/dataverse/test-client';
import { managedSolution } from '../../../tests/world';
import { contextOf } from '../../kit/testing';
import type { IInputs } from '../CosellPanel/generated/ManifestTypes';
import { checkForShare } from '../CosellPanel/checklist';
import { contextIo } from '../CosellPanel/io';
import { completeColumns, inputs, modelFrom } from './test-deal';

let org: TestOrganization;
const asked: string[] = [];

beforeAll(async () => {
  org = await startTestOrganization({}, managedSolution());
});
afterAll(() => org.dataverse.stop());

/** `context.webAPI` over HTTP, in the browser session of the seller. */
const webAPI: Partial<ComponentFramework.WebApi> = {
  retrieveRecord: (table, id, options = '') => get(`${sets[table] ?? table}(${id})${options}`),
  retrieveMultipleRecords: async (table, options = '') => ({
    entities: (await get(`${sets[table] ?? table}${options}`))['value'] as ComponentFramework.WebApi.Entity[],
    nextLink: '',
  }),
};
const sets: Readonly<Record<string, string>> = { opportunity: 'opportunities', connection: 'connections' };

async function get(path: string): Promise<Record<string, unknown>> {
  asked.push(path);
  const session = org.dataverse.signIn(org.dataverse.users.seller);
  const reply = await org.ask('GET', path.replace(/ /g, '%20'), {
    session,
    headers: { Prefer: 'odata.include-annotations="*"' },
  });
  if (reply.status !== 200) throw Object.assign(new Error(reply.text), { status: reply.status });
  return reply.json;
}

const io = () => {
  const context = contextOf<IInputs>({ parameters: inputs({}), webAPI });
  return contextIo(
    () => context as unknown as ComponentFramework.Context<IInputs>,
    () => undefined,
  );
};

test('reads everything that a share is judged by in two requests, with names that the platform knows', async () => {
  const seller = org.dataverse.as(org.dataverse.users.seller);
  const { accounts, contacts, currencies, roles, users } = org.seed;
  const opportunity = seller.create('opportunity', {
    name: 'Cloud migration',
    estimatedvalue: 48000.5,
    estimatedclosedate: '2026-05-01',
    transactioncurrencyid: { transactioncurrency: currencies.EUR },
    parentaccountid: { account: accounts.brueckner },
    parentcontactid: { contact: contacts.complete },
  });
  const connect = (person: Record<string, string>, role: string) =>
    seller.create('connection', {
      record1id: { opportunity },
      record2id: person,
      record2roleid: { connectionrole: role },
    });
  connect({ systemuser: users.sellerWithoutPhone }, roles.accountManager);
  connect({ contact: contacts.french }, roles.stakeholder);
  const solution = seller.create('cosell_solution', {
    cosell_name: 'Landing Zone',
    cosell_solutionidentifier: 'SOL-1',
    cosell_solutiontype: 'Name',
  });
  seller.create('cosell_opportunitysolution', {
    cosell_name: 'Landing Zone',
    cosell_opportunityid: { opportunity },
    cosell_solutionid: { cosell_solution: solution },
    cosell_quantity: 2,
  });
  asked.length = 0;

  const facts = await io().read(opportunity);

  expect(asked).toHaveLength(2);
  expect(facts).toMatchObject({
    recordId: opportunity,
    currencyActive: true,
    values: {
      name: 'Cloud migration',
      dealValue: { amount: '48000.5', currency: 'EUR' },
      closeDate: '2026-05-01',
      customer: { name: 'Brückner & Sohn KG', address: { line1: 'Lindenstraße 12', city: 'Köln', country: 'DE' } },
      solutions: [{ id: solution, name: 'Landing Zone', quantity: '2' }],
    },
  });
  expect(facts.values.team?.map(({ lastName }) => lastName)).toContain('Lefèvre');
  expect(facts.values.contacts?.map(({ lastName }) => lastName)).toEqual(['Brückner', "D'Amico"]);
  const list = checkForShare(modelFrom(completeColumns), facts, 'coSell', '2026-03-02');
  expect(list.findings.map(({ code, params }) => [code, params?.['person']])).toEqual([
    ['SELLER_PHONE_MISSING', 'Jules Lefèvre'],
  ]);
});

test('an inactive currency is seen', async () => {
  const seller = org.dataverse.as(org.dataverse.users.seller);
  const { accounts, currencies } = org.seed;
  seller.update('transactioncurrency', currencies.inactive, { statecode: 0 });
  const opportunity = seller.create('opportunity', {
    name: 'In francs',
    estimatedvalue: 5,
    transactioncurrencyid: { transactioncurrency: currencies.inactive },
    parentaccountid: { account: accounts.electrique },
  });
  seller.update('transactioncurrency', currencies.inactive, { statecode: 1 });
  expect((await io().read(opportunity)).currencyActive).toBe(false);
});

test('a record that is gone is said to be gone, in the seller’s words', async () => {
  const failure = await io()
    .read('00000000-0000-4000-8000-00000000dead')
    .catch((error: unknown) => error);
  expect(io().errorText(failure)).toBe('kit_error_gone');
});

test('days and today are the seller’s own', () => {
  const context = contextOf<IInputs>({ parameters: inputs({}), timeZoneOffset: 14 * 60 });
  const there = contextIo(
    () => context as unknown as ComponentFramework.Context<IInputs>,
    () => undefined,
  );
  const inFourteenHours = new Date(Date.now() + 14 * 3_600_000).toISOString().slice(0, 10);
  expect(there.today()).toBe(inFourteenHours);
  expect(io().day('2026-05-01')).toMatch(/5\/1\/26/);
});

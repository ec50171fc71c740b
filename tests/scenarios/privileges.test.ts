import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatSolutionDraft } from '../../domain/solution-draft';
import type { CliIo } from '../../sync-worker/src/cli/io';
import { runCli } from '../../sync-worker/src/cli/main';
import { logLines } from '../../sync-worker/src/testing/log-lines';
import { World } from '../world';

/**
 * Least privilege: one long story in which the worker does everything that it can do to the CRM, held to its role. What
 * the CRM asked it for is compared with what the role grants; a privilege that nothing needs has to give a reason here.
 */
const role = readFileSync(join(__dirname, '../../solution/src/Roles/Co-sell Integration.xml'), 'utf8');
const granted = [...role.matchAll(/<RolePrivilege name="(\w+)"/g)].map(([, name]) => String(name).toLowerCase()).sort();

/** Granted although the emulated CRM never asked for it. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [
    /^prv(?:read|write|appendto)activity$/,
    'closing makes an activity and completes it; what the platform asks for on the way is not documented (UNVERIFIED)',
  ],
  [/^prvappendtoconnection$/, 'the platform makes the other half of a connection and ties both together (UNVERIFIED)'],
  [
    /^prvread(?:entitykey|optionset)$/,
    'definitions are read with their keys and options; the emulator asks for prvReadEntity alone',
  ],
  [
    /^prvread(?:businessunit|usersettings)$/,
    'what every sign-in reads of itself on a live environment (UNVERIFIED); they show no business data',
  ],
];

const contact = {
  firstName: 'Liesl',
  lastName: 'Grünwald',
  phoneNumber: '+43 1 5550 400',
  email: 'liesl.gruenwald@gruenwald.example',
};
const customer = {
  name: 'Grünwald & Cie',
  address: { addressLine1: 'Ringstraße 8', city: 'Wien', postalCode: '1010', country: 'AT' },
  team: [contact],
};
const incoming = {
  name: 'Kälte',
  customer: customer as never,
  solutions: ['SOL-70421-QLM'],
  value: 80_000,
  currency: 'EUR',
  closingDate: '2027-05-14',
};
const days = 24 * 60 * 60_000;

let world: World;
let demanded: readonly string[];

beforeAll(async () => {
  world = await World.start({
    dataverse: { enforcePrivileges: 'on' },
    settings: {
      cosell_defaultowner: 'mareike.osterkamp@contoso.example',
      cosell_synccosellopportunitiesonly: 'no',
      cosell_closedstage: 'follow',
    },
  });
  await story();
  demanded = world.dataverse.demandedOf(world.dataverse.users.integration);
}, 180_000);
afterAll(() => world.stop());

async function minute(): Promise<void> {
  world.clock.advance(61_000);
  await world.worker.minute();
  await world.sync();
}

async function story(): Promise<void> {
  const { seller, partnerCenter } = world;
  const colleague = seller.create('systemuser', {
    firstname: 'Benno',
    lastname: 'Achterberg',
    internalemailaddress: 'benno.achterberg@contoso.example',
    address1_telephone1: '+49 40 5550 7788',
    accessmode: 0,
  });
  // A share with picks of the create form, help, and everything that follows on both sides.
  const id = world.opportunity();
  world.share(id);
  await world.sync();
  const draft = formatSolutionDraft([
    {
      id: world.seller.create('cosell_solution', {
        cosell_solutionidentifier: 'SOL-70422-QLM',
        cosell_name: 'Larkspur Fleet & Yard',
        cosell_solutiontype: 'Name',
      }),
      name: 'Larkspur Fleet & Yard',
      price: '12.50',
      quantity: '3',
    },
  ]);
  const drafted = world.opportunity({ cosell_solutiondraft: draft }, []);
  world.share(drafted, { cosell_helprequired: 489100001 });
  await world.sync();
  const portal = world.referralOf(id);
  const benno = {
    firstName: 'Benno',
    lastName: 'Achterberg',
    phoneNumber: '+49 40 5550 7788',
    email: 'benno.achterberg@contoso.example',
  };
  partnerCenter.portal.edit(portal.id, {
    team: [...portal.team, benno],
    customer: { team: [...portal.customerProfile.team, contact] as never },
    solutions: ['SOL-70421-QLM', 'SOL-70422-QLM'],
    notes: 'Vom Kollegen',
  } as never);
  await world.sync();
  partnerCenter.portal.edit(portal.id, {
    solutions: [{ id: 'SOL-70421-QLM', price: 90, quantity: 4 }, { id: 'SOL-70422-QLM' }],
  } as never);
  await world.sync();
  partnerCenter.portal.edit(portal.id, {
    team: portal.team,
    customer: { team: portal.customerProfile.team as never },
    solutions: ['SOL-70422-QLM'],
  } as never);
  await world.sync();
  seller.update('opportunity', id, { ownerid: { systemuser: colleague } as never });
  await world.sync();
  // Deals and leads that come in: unknown customer, qualified, disqualified, declined, closed over there.
  const deal = partnerCenter.microsoft.createDeal(incoming);
  const lead = partnerCenter.microsoft.createLead({ ...incoming, name: 'Interesse' });
  const other = partnerCenter.microsoft.createLead({ ...incoming, name: 'Kein Interesse' });
  const stranger = {
    firstName: 'Éloïse',
    lastName: 'Brandt',
    phoneNumber: '+43 1 5550 401',
    email: 'eloise.brandt@brandt.example',
  };
  partnerCenter.catalogue.add({ id: 'SOL-70423-QLM', name: 'Larkspur Dock', publisherName: 'Larkspur Systems GmbH' });
  partnerCenter.microsoft.createDeal({
    ...incoming,
    name: 'Neu',
    customer: { ...customer, name: 'Brandt KG', team: [stranger] } as never,
    solutions: ['SOL-70423-QLM'],
  });
  await world.sync();
  const row = (referralId: string) =>
    [...world.opportunities(), ...seller.list('lead')].find((one) => one['cosell_referralidentifier'] === referralId) ??
    {};
  seller.update('opportunity', String(row(deal.id)['opportunityid']), { statuscode: 1 });
  seller.update('lead', String(row(lead.id)['leadid']), { budgetamount: 9_500 });
  await world.sync();
  seller.qualifyLead(String(row(lead.id)['leadid']));
  seller.update('lead', String(row(other.id)['leadid']), { statecode: 2, statuscode: 4 });
  await world.sync();
  await minute();
  // Both ends of a deal, each in the CRM's and in Partner Center's words; a deal that is shared again; one that is deleted.
  seller.win(id);
  await world.sync();
  seller.update('opportunity', id, { statecode: 0, statuscode: 1, cosell_requestedaction: 489100003 } as never);
  await world.sync();
  partnerCenter.portal.close(world.referralOf(drafted).id, 'Won');
  partnerCenter.portal.close(deal.id, 'Lost', 'Others');
  await world.sync();
  const gone = world.opportunity();
  world.share(gone);
  await world.sync();
  seller.delete('opportunity', gone);
  await world.sync();
  await world.worker.compare();
  // A worker that starts, the command that forgets a person, and the daily deletion of old events.
  await world.worker.close();
  await world.restartWorker();
  const quiet: CliIo = {
    env: world.env,
    readFile: () => '',
    out: () => undefined,
    err: () => undefined,
    ask: async () => '',
    clock: { now: () => world.clock.now(), monotonic: () => world.clock.now(), sleep: async () => undefined },
    log: logLines(),
  };
  await runCli(['forget', 'benno.achterberg@contoso.example', '--yes'], quiet);
  for (let month = 0; month < 4; month += 1) {
    world.clock.advance(50 * days);
    await world.sync();
    await minute();
  }
  expect(await world.worker.deleteOldEvents()).toBeGreaterThan(0);
}

test('nothing that the worker did was refused for want of a right, and the CRM asked for rights', () => {
  const refused = world.journal
    .since(0, 'dataverse')
    .flatMap((entry) => [entry, ...(entry.operations ?? [])])
    .filter((one) => one.status === 403);
  expect(refused.map((one) => `${one.method} ${one.url}`)).toEqual([]);
  expect(demanded.length).toBeGreaterThan(40);
  expect(demanded.filter((name) => !granted.includes(name))).toEqual([]);
});

test('the role grants nothing that the worker does not use, but for the listed reasons', () => {
  const unused = granted.filter((name) => !demanded.includes(name));
  expect(unused.filter((name) => !reasons.some(([pattern]) => pattern.test(name)))).toEqual([]);
});

test('and no reason stands for a privilege that is used or not granted', () => {
  const unused = granted.filter((name) => !demanded.includes(name));
  expect(reasons.filter(([pattern]) => !unused.some((name) => pattern.test(name))).map(([, reason]) => reason)).toEqual(
    [],
  );
});

/**
 * What stands in both sides before a demo begins: the catalogue, the default owner, the awkward data that real
 * environments have, and two deals to start with when a person plays.
 */
import type { World } from '../emulators';
import { sampleDeal } from '../emulators/sample-deal';

const catalogue = [
  ['SOL-70421-QLM', 'Larkspur Cold Chain Monitor', 'Larkspur Systems GmbH'],
  ['SOL-70422-QLM', 'Larkspur Fleet & Yard', 'Larkspur Systems GmbH'],
  ['SOL-70431-QLM', 'Larkspur Route Planner', 'Larkspur Systems GmbH'],
  ['MSFT-IOT-OPS', 'Azure IoT Operations', 'Microsoft'],
] as const;

export function prepare(world: World): void {
  const { dataverse, partnerCenter } = world;
  const seed = world.ensureSeed();
  const seller = dataverse.as(seed.users.seller);
  partnerCenter.switches['list.includesMicrosoft'] = 'on';
  partnerCenter.switches['html.escape'] = 'on';
  partnerCenter.switches['closing.localMidnight'] = 'on';
  partnerCenter.switches['address.stateIn'] = 'region';
  for (const [id, name, publisherName] of catalogue) {
    partnerCenter.catalogue.add({ id, name, publisherName });
    seller.create('cosell_solution', {
      cosell_name: name,
      cosell_solutionidentifier: id,
      cosell_solutiontype: 'Name',
      cosell_publishername: publisherName,
    });
  }
  set(world, 'cosell_defaultowner', 'mareike.osterkamp@contoso.example');
}

function set(world: World, schemaname: string, value: string): void {
  const seller = world.dataverse.as(world.ensureSeed().users.seller);
  const [definition] = seller.list('environmentvariabledefinition', (row) => row['schemaname'] === schemaname);
  seller.create('environmentvariablevalue', {
    schemaname,
    value,
    environmentvariabledefinitionid: String(definition?.['environmentvariabledefinitionid']),
  });
}

/** Who plays Partner Center may send leads and private deals too; by default they would stay there. */
export function letEverythingIn(world: World): void {
  set(world, 'cosell_synccosellopportunitiesonly', 'no');
}

/** One deal that is complete and one that lacks a few things; neither is shared. Answers the complete one's id. */
export function sampleDeals(world: World): string {
  const seed = world.ensureSeed();
  const { users, accounts, currencies } = seed;
  const seller = world.dataverse.as(users.seller);
  const complete = seller.create(
    'opportunity',
    sampleDeal(seed, {
      name: 'Cold chain monitoring for 14 warehouses',
      estimatedvalue: 184_500,
      cosell_dealnotes: 'Sensor data of 900 trailers in one view',
    }),
  );
  const [monitor] = seller.list('cosell_solution', (row) => row['cosell_solutionidentifier'] === catalogue[0][0]);
  seller.create('cosell_opportunitysolution', {
    cosell_name: catalogue[0][1],
    cosell_opportunityid: complete,
    cosell_solutionid: String(monitor?.['cosell_solutionid']),
  });
  seller.create('opportunity', {
    name: 'Fleet ledger roll-out',
    estimatedvalue: 62_000,
    transactioncurrencyid: currencies.EUR,
    estimatedclosedate: '2027-03-31',
    customerid: { account: accounts.electrique },
    parentaccountid: accounts.electrique,
  });
  return complete;
}

/**
 * Records to look at when the host is started on its own: a few opportunities in different states and
 * a catalogue of solutions. Invented; tests make their own.
 */
import type { DataverseEmulator, SalesSeed } from '../dataverse';

export function seedRecords(dataverse: DataverseEmulator, seed: SalesSeed): string[] {
  const seller = dataverse.as(seed.users.seller);
  const deal = (
    name: string,
    account: string,
    value: number,
    more: Record<string, string | number | boolean> = {},
  ): string =>
    seller.create('opportunity', {
      name,
      customerid: { account },
      parentaccountid: account,
      parentcontactid: seed.contacts.complete,
      transactioncurrencyid: seed.currencies.EUR,
      estimatedvalue: value,
      estimatedclosedate: '2027-03-31',
      ...more,
    });
  const ids = [
    deal('Cold chain monitoring for 14 warehouses', seed.accounts.brueckner, 184_500),
    deal('Fleet ledger roll-out', seed.accounts.electrique, 62_000),
    deal('Yard planning pilot', seed.accounts.nordwindHamburg, 21_750.5),
    deal('Refrigeration retrofit', seed.accounts.withoutAddress, 9_900),
  ];
  if (dataverse.metadata.table('cosell_solution')) seedCatalogue(dataverse, seed);
  return ids;
}

function seedCatalogue(dataverse: DataverseEmulator, seed: SalesSeed): void {
  const seller = dataverse.as(seed.users.seller);
  for (const [name, id] of [
    ['Larkspur Cold Chain Monitor', 'SOL-70421-QLM'],
    ['Larkspur Fleet Ledger', 'SOL-10007-FLT'],
    ['Larkspur Yard Planner', 'SOL-33810-YRD'],
  ] as const) {
    seller.create('cosell_solution', {
      cosell_name: name,
      cosell_solutionidentifier: id,
      cosell_solutiontype: 'Name',
      cosell_publishername: 'Larkspur Systems GmbH',
    });
  }
}

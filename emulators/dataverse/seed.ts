/**
 * A believable Sales organization to start from: people, currencies, connection roles, customers.
 *
 * Made for the awkward cases: a seller without phone, two accounts that look alike, names with
 * accents, ampersands and apostrophes, an inactive currency. Answers ids by readable name.
 */
import type { DataverseEmulator } from './index';
import type { Changes } from './types';

export interface SalesSeed {
  readonly users: Readonly<Record<'seller' | 'sellerWithoutPhone' | 'integration', string>>;
  readonly teams: Readonly<Record<'partnerDesk', string>>;
  readonly currencies: Readonly<Record<'EUR' | 'USD' | 'GBP' | 'JPY' | 'SEK' | 'inactive', string>>;
  readonly roles: Readonly<Record<'salesProfessional' | 'accountManager' | 'stakeholder' | 'decisionMaker', string>>;
  readonly accounts: Readonly<
    Record<'brueckner' | 'electrique' | 'nordwindHamburg' | 'nordwindKiel' | 'contosoUs' | 'withoutAddress', string>
  >;
  readonly contacts: Readonly<Record<'complete' | 'withoutPhone' | 'french', string>>;
}

export function seedSales(emulator: DataverseEmulator): SalesSeed {
  const seller = emulator.as(emulator.users.seller);
  const create = (table: string, row: Changes): string => seller.create(table, row);
  const sellerWithoutPhone = create('systemuser', {
    firstname: 'Jules',
    lastname: 'Lefèvre',
    internalemailaddress: 'jules.lefevre@contoso.example',
    domainname: 'jules.lefevre@contoso.example',
    accessmode: 0,
  });
  const accounts = seedAccounts(create);
  return {
    users: { seller: emulator.users.seller, sellerWithoutPhone, integration: emulator.users.integration },
    teams: { partnerDesk: create('team', { name: 'Partner desk', emailaddress: 'partner-desk@contoso.example' }) },
    currencies: seedCurrencies(emulator),
    roles: seedRoles(create),
    accounts,
    contacts: seedContacts(create, accounts),
  };
}

type Create = (table: string, row: Changes) => string;

function seedCurrencies(emulator: DataverseEmulator): SalesSeed['currencies'] {
  const seller = emulator.as(emulator.users.seller);
  const euro = seller.list('transactioncurrency', (row) => row['isocurrencycode'] === 'EUR')[0]?.[
    'transactioncurrencyid'
  ];
  const add = (code: string, name: string, symbol: string, precision: number, rate: number): string =>
    seller.create('transactioncurrency', currency({ code, name, symbol, precision, rate }));
  const inactive = add('CHF', 'Swiss Franc', 'CHF', 2, 0.94);
  seller.update('transactioncurrency', inactive, { statecode: 1 });
  return {
    EUR: String(euro),
    USD: add('USD', 'US Dollar', '$', 2, 1.0875),
    GBP: add('GBP', 'Pound Sterling', '£', 2, 0.8432),
    JPY: add('JPY', 'Yen', '¥', 0, 163.27),
    SEK: add('SEK', 'Swedish Krona', 'kr', 2, 11.4561),
    inactive,
  };
}

function currency(given: { code: string; name: string; symbol: string; precision: number; rate: number }): Changes {
  return {
    isocurrencycode: given.code,
    currencyname: given.name,
    currencysymbol: given.symbol,
    currencyprecision: given.precision,
    exchangerate: given.rate,
  };
}

/** Categories: 1001 Sales Team, 1000 Stakeholder (Microsoft Learn: "Connection role table reference"). */
function seedRoles(create: Create): SalesSeed['roles'] {
  const role = (name: string, category: number): string => create('connectionrole', { name, category });
  return {
    salesProfessional: role('Sales Professional', 1001),
    accountManager: role('Account Manager', 1001),
    stakeholder: role('Stakeholder', 1000),
    decisionMaker: role('Decision Maker', 1000),
  };
}

function seedAccounts(create: Create): SalesSeed['accounts'] {
  const account = (name: string, address: readonly [string, string, string, string] | null): string => {
    const [line1, postalcode, city, country] = address ?? [];
    return create('account', {
      name,
      address1_line1: line1,
      address1_postalcode: postalcode,
      address1_city: city,
      address1_country: country,
    });
  };
  return {
    brueckner: account('Brückner & Sohn KG', ['Lindenstraße 12', '50674', 'Köln', 'Germany']),
    electrique: account("L'Été Électrique SARL", ["12 rue de l'Église", '69002', 'Lyon', 'France']),
    nordwindHamburg: account('Nordwind Logistik AG', ['Am Sandtorkai 30', '20457', 'Hamburg', 'Germany']),
    nordwindKiel: account('Nordwind Logistik AG', ['Kaistraße 4', '24103', 'Kiel', 'Germany']),
    contosoUs: account('Fabrikam Foods, Inc.', ['1 Main Street', '98052', 'Redmond', 'United States']),
    withoutAddress: account('Ohne Adresse GmbH', null),
  };
}

function seedContacts(create: Create, accounts: SalesSeed['accounts']): SalesSeed['contacts'] {
  return {
    complete: create('contact', {
      firstname: 'Annegret',
      lastname: 'Brückner',
      emailaddress1: 'annegret.brueckner@brueckner.example',
      telephone1: '+49 221 5550 987',
      jobtitle: 'Geschäftsführerin',
      parentcustomerid: { account: accounts.brueckner },
    }),
    withoutPhone: create('contact', {
      firstname: 'Tjark',
      lastname: 'Petersen',
      emailaddress1: 'tjark.petersen@nordwind.example',
      parentcustomerid: { account: accounts.nordwindHamburg },
    }),
    french: create('contact', {
      firstname: 'Éloïse',
      lastname: "D'Amico",
      emailaddress1: 'eloise.damico@ete-electrique.example',
      telephone1: '+33 4 55 50 12 34',
      parentcustomerid: { account: accounts.electrique },
    }),
  };
}

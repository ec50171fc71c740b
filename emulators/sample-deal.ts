/**
 * The opportunity that demo and tests begin with: complete, so that it may be shared as it is, and not yet shared.
 *
 * Invented. One place, because a new column that a co-sell deal must have would else be missed in one of them.
 */
import type { Changes, SalesSeed } from './dataverse';

/** Columns of the opportunity; `changes` win. Solutions are rows of their own and not among them. */
export function sampleDeal({ accounts, contacts, currencies }: SalesSeed, changes: Changes = {}): Changes {
  return {
    name: 'Kühlkette für Brückner & Sohn',
    estimatedvalue: 250_000,
    transactioncurrencyid: currencies.EUR,
    estimatedclosedate: '2027-03-31',
    customerid: { account: accounts.brueckner },
    parentaccountid: accounts.brueckner,
    parentcontactid: contacts.complete,
    cosell_customerconsent: true,
    cosell_purchaseintent: 489_100_002,
    cosell_dealnotes: 'Temperaturdaten von 900 Anhängern',
    ...changes,
  };
}

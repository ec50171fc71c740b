/**
 * Rows as the deal that the rules judge. Pure.
 *
 * The same reading as the worker's: where the two differed, the form would promise what is then refused. Sources of
 * the choices (phone before mobile, categories 1001 Sales Team and 1000 Stakeholder): Microsoft Learn, "Dynamics 365
 * co-sell connector" and the connection role table.
 */
import { toIsoCountry } from '../domain/countries';
import { contactPerson, userPerson } from '../domain/crm-people';
import type { Customer, DealValues, Money, Person, Solution } from '../domain/deal';
import { dealKind, type DealKind } from '../domain/deal-kind';
import { stripMark } from '../domain/text';
import { finding, type Finding } from '../domain/finding';
import { parseSolutionDraft } from '../domain/solution-draft';
import { validateForAccept, validateForShare } from '../domain/validate';
import { own } from './columns';
import { choices } from './generated/metadata';
import type { Related } from './related';
import { decimalIn, refIn, textIn, type Row } from './records';
import type { Settings } from './settings';

const salesTeam = 1001;
const stakeholder = 1000;

/** Every column of an opportunity that the rules look at. */
export function columnsOfDeal({ columns, value, currency }: Settings): string[] {
  const names = [
    ...Object.values(columns),
    value,
    currency,
    'parentaccountid',
    'parentcontactid',
    'customerid',
    'ownerid',
    own.draft,
  ];
  return [...new Set((names as string[]).filter((name) => name !== ''))];
}

export function valuesOf(deal: Row, related: Related, settings: Settings): DealValues {
  const { columns } = settings;
  const id = textIn(deal, 'opportunityid').toLowerCase();
  const text = (column: string): string => textIn(deal, column);
  const people = related.people.get(id) ?? [];
  const connected = (table: string, category: number, rows: ReadonlyMap<string, Row>): Row[] =>
    people.flatMap(({ ref, categories }) => {
      const row = ref.table === table && categories.includes(category) ? rows.get(ref.id) : undefined;
      return row ? [row] : [];
    });
  const owner = refIn(deal, 'ownerid');
  const customer = refIn(deal, 'customerid');
  const account =
    related.accounts.get(refIn(deal, 'parentaccountid')?.id ?? '') ?? related.accounts.get(customer?.id ?? '');
  const contacts = [
    related.contacts.get(refIn(deal, 'parentcontactid')?.id ?? ''),
    related.contacts.get(customer?.id ?? ''),
  ];
  return {
    name: stripMark(text(columns.name)),
    dealValue: moneyOf(deal, related, settings),
    closeDate: text(columns.closeDate).slice(0, 10) || null,
    dealNotes: text(columns.dealNotes),
    helpRequired: wordOf('helprequired', deal[columns.helpRequired]),
    visibility: deal[columns.visibility] === true,
    consent: deal[columns.consent] === true,
    purchaseIntent: wordOf('purchaseintent', deal[columns.purchaseIntent]),
    coSellType: text(columns.coSellType),
    partnerRole: text(columns.partnerRole),
    solutionArea: text(columns.solutionArea),
    solutionPlay: text(columns.solutionPlay),
    customer: account ? customerOf(account, settings.country) : null,
    solutions: solutionsOf(deal, related),
    team: onePerEmail(
      [related.users.get(owner?.id ?? ''), ...connected('systemuser', salesTeam, related.users)].flatMap(asUser),
    ),
    contacts: onePerEmail([...contacts, ...connected('contact', stakeholder, related.contacts)].flatMap(asContact)),
  };
}

/**
 * Does the deal name a record that the answer lacks? The user may not see it; to call it missing would be wrong. The
 * same goes for a currency, which everybody may read.
 */
export function hasUnreadable(deal: Row, related: Related, settings: Settings): boolean {
  const lacks = (column: string, table: string, rows: ReadonlyMap<string, Row>): boolean => {
    const ref = refIn(deal, column);
    return ref !== null && ref.table === table && !rows.has(ref.id);
  };
  return (
    lacks('parentaccountid', 'account', related.accounts) ||
    lacks('customerid', 'account', related.accounts) ||
    lacks('parentcontactid', 'contact', related.contacts) ||
    lacks('customerid', 'contact', related.contacts) ||
    lacks('ownerid', 'systemuser', related.users) ||
    lacks(settings.currency, 'transactioncurrency', related.currencies)
  );
}

export function kindOf(values: DealValues): DealKind {
  return dealKind({ helpRequired: values.helpRequired, visibility: values.visibility });
}

/** @param today YYYY-MM-DD where the seller is */
export function findingsForShare(deal: Row, related: Related, settings: Settings, today: string): Finding[] {
  const values = valuesOf(deal, related, settings);
  const draft = parseSolutionDraft(textIn(deal, own.draft));
  return [
    ...(draft.problem === 'malformed' ? [finding('SOLUTION_DRAFT_UNREADABLE')] : []),
    ...validateForShare(values, {
      kind: kindOf(values),
      servicesCoSell: (values.coSellType ?? '').toLowerCase().includes('service'),
      activeCurrencies: activeCodes(related),
      today,
    }),
  ];
}

export function findingsForAccept(deal: Row, related: Related, settings: Settings, today: string): Finding[] {
  return validateForAccept(valuesOf(deal, related, settings), { activeCurrencies: activeCodes(related), today });
}

/** Undefined where no currency was read, because the environment names it by code: then any ISO code will do. */
function activeCodes({ currencies }: Related): ReadonlySet<string> | undefined {
  if (currencies.size === 0) return undefined;
  const active = [...currencies.values()].filter((row) => row['statecode'] === 0);
  return new Set(active.map((row) => textIn(row, 'isocurrencycode').toUpperCase()));
}

function moneyOf(deal: Row, related: Related, { value, currency }: Settings): Money | null {
  const amount = decimalIn(deal, value);
  if (amount === null) return null;
  const ref = refIn(deal, currency);
  const code = ref ? textIn(related.currencies.get(ref.id), 'isocurrencycode') : textIn(deal, currency);
  return { amount, currency: code.trim().toUpperCase() };
}

/** API code of a choice's option; an option that a customer added stays as its number, which the rules warn of. */
function wordOf(choice: 'helprequired' | 'purchaseintent', value: Row[string]): string | null {
  if (typeof value !== 'number') return null;
  const key = Object.entries(choices[choice]).find(([, option]) => option === value)?.[0];
  return key === undefined ? String(value) : key.charAt(0).toUpperCase() + key.slice(1);
}

/** Saved rows, and picks that no row stands for yet: the worker makes rows of them before it shares. */
function solutionsOf(deal: Row, { solutions, catalogue }: Related): Solution[] {
  const rows = solutions.get(textIn(deal, 'opportunityid').toLowerCase()) ?? [];
  const saved = rows.map((row) => ({
    id: refIn(row, 'cosell_solutionid')?.id ?? '',
    name: textIn(row, 'cosell_name'),
    price: decimalIn(row, 'cosell_price'),
    quantity: decimalIn(row, 'cosell_quantity'),
  }));
  const drafted = parseSolutionDraft(textIn(deal, own.draft)).picks.filter(
    (pick) => !saved.some((row) => row.id === pick.id),
  );
  return [...saved, ...drafted].map(({ id, name, price, quantity }) => {
    const details = catalogue.get(id);
    return {
      id: textIn(details, 'cosell_solutionidentifier'),
      name: textIn(details, 'cosell_name') || name,
      type: textIn(details, 'cosell_solutiontype'),
      publisher: textIn(details, 'cosell_publishername'),
      price,
      quantity,
    };
  });
}

function customerOf(account: Row, countryColumn: string): Customer {
  const country = textIn(account, countryColumn);
  return {
    name: textIn(account, 'name'),
    address: {
      line1: textIn(account, 'address1_line1'),
      line2: textIn(account, 'address1_line2'),
      city: textIn(account, 'address1_city'),
      state: textIn(account, 'address1_stateorprovince'),
      postalCode: textIn(account, 'address1_postalcode'),
      country: toIsoCountry(country) ?? country,
    },
    size: null,
    duns: '',
  };
}

const asUser = (row: Row | undefined): Person[] => (row ? [userPerson((column) => textIn(row, column))] : []);
const asContact = (row: Row | undefined): Person[] => (row ? [contactPerson((column) => textIn(row, column))] : []);

function onePerEmail(people: readonly Person[]): Person[] {
  const seen = new Set<string>();
  return people.filter(({ email }) => {
    const key = email.trim().toLowerCase();
    if (key === '') return true;
    return seen.has(key) ? false : (seen.add(key), true);
  });
}

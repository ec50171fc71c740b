/**
 * What Partner Center is sent for a kind of deal, in plain words. Pure.
 *
 * From the same values as the checklist, so that the two cannot tell different stories. Lists what the worker sends
 * (Microsoft Learn, "Create a referral"); nothing else of the record leaves the CRM. Contacts are sent whatever the
 * kind is, so they are shown whatever the kind is.
 */
import type { Address, DealValues, Money, Person } from '../../../domain/deal';
import type { DealKind } from '../../../domain/deal-kind';
import type { Fact } from './ui';

export interface PreviewWords {
  readonly money: (value: Money) => string;
  readonly day: (day: string) => string;
  /** Labels of the chosen options in the seller's language. */
  readonly help: string | undefined;
  readonly intent: string;
  readonly yes: string;
  readonly no: string;
}

/** Labels as keys of the strings; one line of text per person, solution or line of an address. */
export function previewOf(values: DealValues, kind: DealKind, words: PreviewWords): readonly Fact[] {
  const { customer, dealValue, closeDate, solutions = [], team = [], contacts = [] } = values;
  const coSell = kind === 'coSell';
  const services = [values.coSellType, values.partnerRole, values.solutionArea, values.solutionPlay];
  const rows: readonly (readonly [label: string, lines: readonly (string | null | undefined)[], shown?: boolean])[] = [
    // Without the connector's own mark, which is never sent.
    ['part_name', [values.name?.replace(/ [\u2714\u2716]$/, '')]],
    ['part_customer', customer ? [customer.name, ...addressLines(customer.address)] : []],
    ['part_contacts', contacts.map(personLine), coSell || contacts.length > 0],
    ['part_dealValue', [dealValue && words.money(dealValue)]],
    ['part_closeDate', [closeDate && words.day(closeDate)]],
    [
      'part_solutions',
      solutions.map(({ name, id, quantity }) => (quantity ? `${name || id} × ${quantity}` : name || id)),
    ],
    ['part_team', team.map(personLine)],
    ['part_dealNotes', [values.dealNotes]],
    ['preview_help', [words.help], coSell],
    ['preview_notes', [values.notesToMicrosoft], coSell],
    ['part_purchaseIntent', [words.intent]],
    ['part_consent', [values.consent ? words.yes : words.no]],
    ['part_services', services, services.some(Boolean)],
  ];
  return rows
    .filter(([, , shown]) => shown !== false)
    .map(([label, lines]) => [label, lines.filter(Boolean).join('\n')]);
}

const addressLines = ({ line1, line2, city, state, postalCode, country }: Address): string[] => [
  line1,
  line2,
  [postalCode, city].filter(Boolean).join(' '),
  [state, country].filter(Boolean).join(', '),
];

const personLine = ({ firstName, lastName, email, phone }: Person): string =>
  [`${firstName} ${lastName}`.trim(), email, phone].filter(Boolean).join(', ');

/**
 * A deal for the panel's tests: columns by short names, rows of the Web API, and the model that is made of them.
 */
import { choices } from '../../../sync-worker/src/crm/generated/schema';
import {
  choiceProperty,
  contextOf,
  dateProperty,
  numberProperty,
  textProperty,
  yesNoProperty,
} from '../../kit/testing';
import type { ContextOptions } from '../../kit/testing';
import type { IInputs } from '../CosellPanel/generated/ManifestTypes';
import { modelOf, type PanelModel } from '../CosellPanel/model';

export const recordId = '3a5b0000-0000-4000-8000-000000000001';

type ChoiceName = keyof typeof choices;
const labelsOf = (name: ChoiceName): Record<number, string> =>
  Object.fromEntries(Object.entries(choices[name]).map(([label, value]) => [value, label]));

const choiceColumns = {
  helpRequired: 'helpRequired',
  requestedAction: 'requestedAction',
  closeReason: 'closeReason',
  purchaseIntent: 'purchaseIntent',
  syncStatus: 'syncStatus',
  referralStatus: 'referralStatus',
  dealType: 'dealType',
  microsoftStatus: 'microsoftStatus',
} as const satisfies Record<string, ChoiceName>;
const yesNoColumns = ['sync', 'visibility', 'customerConsent'] as const;
const dateColumns = ['lastSyncedOn', 'referralExpiresOn'] as const;
const textColumns = [
  'actionReason',
  'dealNotes',
  'notesToMicrosoft',
  'syncMessage',
  'syncMessageCode',
  'referralIdentifier',
  'referralLink',
  'microsoftTeam',
  'microsoftNotes',
  'microsoftReason',
  'microsoftCrmIdentifier',
  'solutionDraft',
] as const;

/** Choices by their key in the solution ("onHold"), or by number for an option that is not ours. */
export type Values = Partial<
  Record<keyof typeof choiceColumns, string | number | null> &
    Record<(typeof yesNoColumns)[number], boolean> &
    Record<(typeof dateColumns)[number], Date | null> &
    Record<(typeof textColumns)[number], string | null> & { recordId: string; solutionCount: number }
>;

export interface Security {
  readonly readable?: boolean;
  readonly editable?: boolean;
}

/** @param absent optional properties that no column is bound to */
export function inputs(
  values: Values,
  security: Partial<Record<keyof IInputs, Security>> = {},
  absent: readonly string[] = [],
): IInputs {
  const about = (name: string) => ({ label: `${name} column`, ...security[name as keyof IInputs] });
  const entries: [string, unknown][] = [
    ...Object.entries(choiceColumns).map(([name, choice]): [string, unknown] => {
      const given = values[name as keyof typeof choiceColumns] ?? null;
      const raw = typeof given === 'string' ? ((choices[choice] as Record<string, number>)[given] ?? null) : given;
      return [
        name,
        choiceProperty(raw, labelsOf(choice), {
          ...about(name),
          ...(typeof given === 'number' && { formatted: 'Another option' }),
        }),
      ];
    }),
    ...yesNoColumns.map((name): [string, unknown] => [name, yesNoProperty(values[name] ?? false, about(name))]),
    ...dateColumns.map((name): [string, unknown] => {
      const at = values[name] ?? null;
      return [name, dateProperty(at, { ...about(name), formatted: at ? at.toISOString().slice(0, 16) : '' })];
    }),
    ...textColumns.map((name): [string, unknown] => [name, textProperty(values[name] ?? null, about(name))]),
    ['solutionCount', numberProperty(values.solutionCount ?? null)],
    ['recordId', textProperty(values.recordId ?? recordId)],
  ];
  return Object.fromEntries(entries.filter(([name]) => !absent.includes(name))) as unknown as IInputs;
}

export function modelFrom(
  values: Values,
  options: Partial<ContextOptions<IInputs>> & {
    security?: Partial<Record<keyof IInputs, Security>>;
    absent?: readonly string[];
  } = {},
): PanelModel {
  const { security, absent, ...rest } = options;
  return modelOf(contextOf({ parameters: inputs(values, security, absent), ...rest }));
}

/** A complete deal as the Web API gives it. */
export const completeRow = {
  name: 'Cloud migration',
  estimatedvalue: 48000.5,
  estimatedclosedate: '2999-03-31',
  transactioncurrencyid: { isocurrencycode: 'EUR', statecode: 0 },
  owninguser: {
    firstname: 'Sam',
    lastname: 'Seller',
    internalemailaddress: 'sam@fabrikam.example',
    address1_telephone1: '+46 8 1',
  },
  parentaccountid: {
    name: 'Adventure Works AB',
    address1_line1: 'Storgatan 1',
    address1_city: 'Stockholm',
    address1_postalcode: '111 22',
    address1_country: 'Sverige',
  },
  customerid_account: null,
  parentcontactid: { firstname: 'Karin', lastname: 'Berg', emailaddress1: 'karin@aw.example', telephone1: '+46 8 2' },
  customerid_contact: null,
  cosell_opportunity_opportunitysolution: [
    {
      _cosell_solutionid_value: 'aaaaaaaa-0000-4000-8000-000000000001',
      cosell_name: 'Landing Zone',
      cosell_price: 12.5,
      cosell_quantity: 2,
    },
  ],
} as const;

/** Columns of a deal that lacks nothing on the form. */
export const completeColumns: Values = {
  sync: true,
  customerConsent: true,
  purchaseIntent: 'yes',
  dealNotes: 'Moves to the cloud.',
};
/** Columns of a deal that was shared as co-sell. */
export const shared: Values = {
  ...completeColumns,
  helpRequired: 'generalOrOther',
  syncStatus: 'synced',
  referralStatus: 'active',
  dealType: 'coSell',
  referralIdentifier: '7f0d2c1e-55b1-4f0a-9a55-2c1be0a1d2f3',
  referralLink: 'https://partner.microsoft.com/dashboard/referrals/x',
};
export const invited: Values = { ...shared, helpRequired: null, syncStatus: 'onHold', referralStatus: 'new' };

export type Row = Readonly<Record<string, unknown>>;

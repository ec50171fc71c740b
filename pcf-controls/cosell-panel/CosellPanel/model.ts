/**
 * What the panel shows, as plain values taken from the platform's context. Pure.
 *
 * Views get this and never the context, so that a view can be looked at and tested without a form, and so that two
 * updates with the same values can be told from one that needs drawing. Column names: the manifest's properties.
 */
import { fieldOf, type Field } from '../../kit/field';
import { optionsOf, type Option } from '../../kit/options';
import type { IInputs } from './generated/ManifestTypes';

export type { Field, Option };

/** Properties that are columns; `recordId` is an input. */
export type FieldName = Exclude<keyof IInputs, 'recordId'>;

type Fields = { readonly [Name in FieldName]: Field<NonNullable<IInputs[Name]['raw']>> };

export interface PanelModel extends Fields {
  /** GUID in lower case; '' on the create form. */
  readonly recordId: string;
  /** The form or the record is read-only; single columns may be so besides. */
  readonly readOnly: boolean;
  readonly visible: boolean;
  readonly offline: boolean;
  /** LCID of the user's language. */
  readonly language: number;
  readonly helpOptions: readonly Option[];
  readonly reasonOptions: readonly Option[];
}

type Context = Pick<ComponentFramework.Context<IInputs>, 'parameters' | 'mode' | 'client' | 'userSettings'>;

/** By name, because a property that no column is bound to may be missing altogether. */
const names: readonly string[] = (
  'sync helpRequired visibility requestedAction actionReason closeReason customerConsent purchaseIntent dealNotes ' +
  'notesToMicrosoft syncStatus syncMessage syncMessageCode lastSyncedOn referralIdentifier referralLink ' +
  'referralStatus dealType microsoftStatus microsoftTeam microsoftNotes microsoftReason microsoftCrmIdentifier ' +
  'referralExpiresOn solutionDraft solutionCount'
).split(' ');

export function modelOf(context: Context): PanelModel {
  const { recordId, ...columns } = context.parameters;
  const fields = Object.fromEntries(
    names.map((name) => [name, fieldOf(context, columns[name as FieldName])]),
  ) as unknown as Fields;
  return {
    ...fields,
    recordId: (recordId?.raw ?? '').replace(/[{}]/g, '').toLowerCase(),
    readOnly: context.mode.isControlDisabled,
    visible: context.mode.isVisible,
    offline: context.client.isOffline() || !context.client.isNetworkAvailable(),
    language: context.userSettings.languageId,
    helpOptions: optionsOf(columns.helpRequired),
    reasonOptions: optionsOf(columns.closeReason),
  };
}

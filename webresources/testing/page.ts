/**
 * An opened form on xrm-mock, for tests of the scripts only.
 *
 * xrm-mock has attributes, controls and notifications. Added here: saving with its events and refusals, the form's
 * type, dialogs, and an environment behind Xrm.WebApi.
 */
import { XrmMockGenerator } from 'xrm-mock';
import { lookups } from '../generated/metadata';
import { accountId, contactId, currencyId, dealId, makeOrg, type Org, type Stored, userId } from './org';

type Handler = (context: never) => unknown;
export type Dialog = { readonly title: string; readonly text: string; readonly confirm: string };

export interface PageOptions {
  readonly table?: 'opportunity' | 'lead';
  /** false: a record that was never saved. */
  readonly saved?: boolean;
  readonly values?: Stored;
  /** Columns that the form does not have. */
  readonly without?: readonly string[];
  /** 2 update, 3 read-only, 4 disabled; 1 is taken for an unsaved record. */
  readonly formType?: number;
  readonly onSave?: (context: Xrm.Events.SaveEventContext) => void;
  readonly org?: Org;
}

export interface Page {
  readonly form: Xrm.FormContext;
  readonly org: Org;
  /** Dialogs shown so far, in order. */
  readonly dialogs: Dialog[];
  /** What the user answers to the next confirmations; without an entry he cancels. */
  readonly answers: boolean[];
  readonly opened: unknown[];
  /** Saves that reached the server, by mode. */
  readonly saves: number[];
  /** Set to have the server refuse saves. */
  refuseSave: unknown;
  value(column: string): unknown;
  /** As a person or a code component does it: the value, then OnChange. */
  edit(column: string, value: unknown): void;
  save(mode?: number): Promise<boolean>;
  notices(): Record<string, string>;
  hints(column: string): string[];
  disabled(column: string): boolean;
  event(): Xrm.Events.EventContext;
  /** Until all that was started has come to rest. */
  settle(): Promise<void>;
}

const lookupValue = (id: string, entityType: string): Xrm.LookupValue[] => [
  { id: `{${id.toUpperCase()}}`, entityType, name: entityType },
];

/** A deal that lacks nothing. */
export const completeDeal: Stored = {
  name: 'Fleet for Fabrikam',
  estimatedvalue: 48000,
  transactioncurrencyid: lookupValue(currencyId, 'transactioncurrency'),
  estimatedclosedate: new Date(2099, 11, 1),
  parentaccountid: lookupValue(accountId, 'account'),
  parentcontactid: lookupValue(contactId, 'contact'),
  customerid: lookupValue(accountId, 'account'),
  ownerid: lookupValue(userId, 'systemuser'),
  statuscode: 1,
  cosell_syncwithpartnercenter: false,
  cosell_referralidentifier: null,
  cosell_referrallink: null,
  cosell_helprequired: null,
  cosell_referralvisibility: false,
  cosell_syncstatus: null,
  cosell_syncmessage: null,
  cosell_syncmessagecode: null,
  cosell_referralstatus: null,
  cosell_dealtype: null,
  cosell_dealnotes: 'Trucks with sensors.',
  cosell_notestomicrosoft: null,
  cosell_customerconsent: true,
  cosell_purchaseintent: 489100000,
  cosell_coselltype: null,
  cosell_partnerrole: null,
  cosell_solutionarea: null,
  cosell_solutionplay: null,
  cosell_closereason: null,
  cosell_referralexpireson: null,
  cosell_requestedaction: null,
  cosell_actionreason: null,
  cosell_solutiondraft: null,
};

const completeLead: Stored = {
  subject: 'Fleet',
  budgetamount: null,
  estimatedclosedate: null,
  cosell_syncwithpartnercenter: true,
  cosell_referralidentifier: 'r-1',
  cosell_referrallink: null,
  cosell_audit: 'line',
  cosell_syncstatus: null,
  cosell_syncmessage: null,
  cosell_syncmessagecode: null,
  cosell_referralexpireson: null,
  cosell_requestedaction: null,
  cosell_actionreason: null,
};

/** As a whole read of the record shows it. */
export function storedRow(values: Stored, id = dealId, table = 'opportunity'): Stored {
  const row: Stored = { [`${table}id`]: id, statecode: 0 };
  for (const [column, value] of Object.entries(values)) row[column] = storedValue(value);
  return row;
}

function storedValue(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (!Array.isArray(value)) return value;
  const [{ id, entityType }] = value as [Xrm.LookupValue];
  return { id: id.replace(/[{}]/g, '').toLowerCase(), table: entityType };
}

export function openPage(options: PageOptions = {}): Page {
  const { table = 'opportunity', saved = true, without = [], org = makeOrg() } = options;
  const mock = XrmMockGenerator.initialise({
    entity: { id: saved ? `{${dealId.toUpperCase()}}` : '', entityName: table } as never,
  });
  const values = { ...(table === 'opportunity' ? completeDeal : completeLead), ...options.values };
  for (const [column, value] of Object.entries(values))
    if (!without.includes(column)) addAttribute(table, column, value);
  const form = XrmMockGenerator.getFormContext() as unknown as Xrm.FormContext;
  if (saved)
    org.tables[table] = [
      ...(org.tables[table] ?? []).filter((row) => row[`${table}id`] !== dealId),
      storedRow(values, dealId, table),
    ];
  const page = build(form, org);
  wire(page, { ...options, table, saved });
  void mock;
  return page;
}

function addAttribute(table: string, column: string, value: unknown): void {
  const make = XrmMockGenerator.Attribute;
  const visible = [{ name: column }] as never;
  if (lookups[table]?.[column]) make.createLookup({ name: column, value } as never, visible);
  else if (
    value instanceof Date ||
    (column.endsWith('on') && column !== 'cosell_actionreason' && column.includes('expires'))
  )
    make.createDate({ name: column, value } as never, visible);
  else if (typeof value === 'boolean') make.createBoolean({ name: column, value } as never, visible);
  else if (typeof value === 'number') make.createNumber({ name: column, value } as never, visible);
  else make.createString({ name: column, value } as never, visible);
}

function build(form: Xrm.FormContext, org: Org): Page {
  const attribute = (column: string): Xrm.Attributes.Attribute => {
    const found = form.getAttribute<Xrm.Attributes.Attribute>(column);
    if (!found) throw new Error(`the form has no ${column}`);
    return found;
  };
  const page: Page = {
    form,
    org,
    dialogs: [],
    answers: [],
    opened: [],
    saves: [],
    refuseSave: undefined,
    value: (column) => attribute(column).getValue(),
    edit: (column, value) => {
      attribute(column).setValue(value as never);
      attribute(column).fireOnChange();
    },
    save: async (mode = 1) => {
      try {
        await (form.data as unknown as { save(options?: unknown): Promise<void> }).save({ saveMode: mode });
        return true;
      } catch {
        return false;
      } finally {
        await page.settle();
      }
    },
    notices: () =>
      Object.fromEntries(
        (
          (form.ui as unknown as { formNotifications?: { uniqueId: string; message: string }[] }).formNotifications ??
          []
        ).map(({ uniqueId, message }) => [uniqueId.replace('cosell.', ''), message]),
      ),
    hints: (column) => {
      const [control] = attribute(column).controls.get() as unknown as {
        notifications: { messages: string[]; notificationLevel: string }[];
      }[];
      return (control?.notifications ?? []).flatMap(({ messages, notificationLevel }) =>
        messages.map((message) => `${notificationLevel} ${message}`),
      );
    },
    disabled: (column) => (attribute(column).controls.get(0) as unknown as Xrm.Controls.StandardControl).getDisabled(),
    event: () => ({ getFormContext: () => form, getEventSource: () => null }) as unknown as Xrm.Events.EventContext,
    settle: async () => {
      for (let turn = 0; turn < 200; turn++) await Promise.resolve();
    },
  };
  return page;
}

/** Saving, dialogs and the rest that xrm-mock leaves out. */
function wire(page: Page, options: PageOptions & { readonly table: string; readonly saved: boolean }): void {
  const { form, org } = page;
  const postSave: Handler[] = [];
  const attributes = (): Xrm.Attributes.Attribute[] => form.data.entity.attributes.get();
  const write = (): void => {
    const id = dealId;
    const row = storedRow(
      Object.fromEntries(attributes().map((each) => [each.getName(), each.getValue()])),
      id,
      options.table,
    );
    const rows = (org.tables[options.table] ??= []);
    const before = rows.find((each) => each[`${options.table}id`] === id);
    if (before) Object.assign(before, row);
    else rows.push(row);
    (form.data.entity as unknown as { id: string }).id = `{${id.toUpperCase()}}`;
    for (const each of attributes()) (each as unknown as { isDirty: boolean }).isDirty = false;
  };
  const save = async (mode: number): Promise<void> => {
    let prevented = false;
    const args = {
      getSaveMode: () => mode,
      preventDefault: () => void (prevented = true),
      isDefaultPrevented: () => prevented,
    };
    const context = { getFormContext: () => form, getEventArgs: () => args, getEventSource: () => form.data.entity };
    options.onSave?.(context as unknown as Xrm.Events.SaveEventContext);
    await Promise.resolve();
    if (prevented) throw { errorCode: 0, message: 'save was stopped' };
    const success = page.refuseSave === undefined;
    if (success) write();
    if (success) page.saves.push(mode);
    for (const handler of postSave)
      handler({ getFormContext: () => form, getEventArgs: () => ({ getIsSaveSuccess: () => success }) } as never);
    if (!success) throw page.refuseSave;
  };
  Object.assign(form.data, {
    save: (given?: { saveMode?: number }) => save(given?.saveMode ?? 1),
    getIsDirty: () => attributes().some((each) => each.getIsDirty()),
    refresh: () => Promise.resolve(),
  });
  Object.assign(form.data.entity, {
    save: (how?: string) => save(how === 'saveandclose' ? 2 : how === 'saveandnew' ? 59 : 1),
    addOnPostSave: (handler: Handler) => void postSave.push(handler),
  });
  Object.assign(form.ui, { getFormType: () => (options.saved ? (options.formType ?? 2) : 1) });
  const dialog = (kind: 'confirm' | 'alert') => (strings: Xrm.Navigation.ConfirmStrings) => {
    page.dialogs.push({ title: strings.title ?? '', text: strings.text, confirm: strings.confirmButtonLabel ?? '' });
    return Promise.resolve(kind === 'confirm' ? { confirmed: page.answers.shift() ?? false } : undefined);
  };
  Object.assign(globalThis, {
    Xrm: {
      WebApi: org.webApi,
      Navigation: {
        openConfirmDialog: dialog('confirm'),
        openAlertDialog: dialog('alert'),
        openForm: (target: unknown) => Promise.resolve(void page.opened.push(target)),
        openUrl: (url: string) => void page.opened.push(url),
      },
      Utility: {
        getResourceString: () => null,
        getGlobalContext: () => ({
          client: { isOffline: () => false, isNetworkAvailable: () => true },
          userSettings: { languageId: 1033 },
        }),
        showProgressIndicator: (message: string) => void page.opened.push(message),
        closeProgressIndicator: () => undefined,
        lookupObjects: () => Promise.resolve([]),
      },
    },
  });
}

/**
 * The global Xrm: WebApi, Navigation, Utility, App. Members that nobody of ours uses are not modelled
 * and throw by name. Microsoft Learn: "Client API Xrm object".
 */
import type { HostModel } from '../model';
import type { Services } from './form-session';
import { xrmNavigation } from './navigation';
import { textsOf } from './pcf-loader';
import type { Shell } from './shell';
import { NotModelled, strict } from './strict';
import type { Switches } from './switches';
import { bracedId, type Json } from './values';

export interface XrmParts {
  readonly model: HostModel;
  readonly services: Services;
  readonly shell: Shell;
  readonly switches: Switches;
  /** Texts of resx web resources, read before any script runs: getResourceString is synchronous. */
  readonly texts: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export async function readResourceTexts(model: HostModel): Promise<Map<string, ReadonlyMap<string, string>>> {
  const names = Object.entries(model.webResources)
    .filter(([, type]) => type === 12)
    .map(([name]) => name);
  const loaded = await Promise.all(
    names.map(async (name) => [name, textsOf(await (await fetch(`/WebResources/${name}`)).text())] as const),
  );
  return new Map(loaded);
}

export function installXrm(parts: XrmParts): void {
  const { services, shell } = parts;
  const { api, metadata } = services;
  const online = {
    createRecord: (table: string, data: Json) => api.create('xrm', table, data),
    updateRecord: (table: string, id: string, data: Json) => api.update('xrm', table, id, data),
    deleteRecord: (table: string, id: string) => api.delete('xrm', table, id),
    retrieveRecord: (table: string, id: string, options?: string) => api.retrieve('xrm', table, id, options),
    retrieveMultipleRecords: (table: string, options?: string, pageSize?: number) =>
      api.retrieveMultiple('xrm', table, options, pageSize),
    isAvailableOffline: () => false,
  };
  const xrm = strict('Xrm', {
    WebApi: strict('Xrm.WebApi', { ...online, online: strict('Xrm.WebApi.online', online) }),
    Navigation: xrmNavigation(shell),
    Utility: strict('Xrm.Utility', {
      getGlobalContext: () => globalContext(parts),
      getResourceString: (name: string, key: string) => resourceString(parts, name, key),
      getEntityMetadata: async (name: string) => {
        const table = await metadata.table(name);
        return {
          LogicalName: name,
          EntitySetName: table.setName,
          PrimaryIdAttribute: table.idColumn,
          PrimaryNameAttribute: table.nameColumn,
          DisplayName: table.label,
        };
      },
      lookupObjects: ({
        entityTypes,
        allowMultiSelect,
        filters,
      }: {
        entityTypes: string[];
        allowMultiSelect?: boolean;
        filters?: unknown[];
      }) => {
        if (filters !== undefined && filters.length > 0) throw new NotModelled('filters of Xrm.Utility.lookupObjects');
        return shell.lookup(entityTypes, allowMultiSelect === true);
      },
      refreshParentGrid: () => shell.refreshGrid(),
      showProgressIndicator: (text: string) => shell.showProgress(text),
      closeProgressIndicator: () => shell.showProgress(null),
      getEntitySetName: (name: string) => metadata.now(name).setName,
    }),
    App: strict('Xrm.App', {
      addGlobalNotification: async ({ message }: { message: string }) => {
        shell.toast(message);
        return 'notification';
      },
      clearGlobalNotification: async () => undefined,
      sidePanes: strict('Xrm.App.sidePanes', {}),
    }),
  });
  (globalThis as { Xrm?: unknown }).Xrm = xrm;
}

function globalContext({ services, switches }: XrmParts): object {
  const { user, lang } = services;
  return strict('globalContext', {
    userSettings: strict('globalContext.userSettings', {
      userId: bracedId(user.id),
      userName: user.name,
      languageId: lang,
      isRTL: switches.rtl,
      roles: { get: () => [], forEach: () => undefined, getLength: () => 0 },
      securityRoles: [],
      getTimeZoneOffsetMinutes: () => -new Date().getTimezoneOffset(),
    }),
    organizationSettings: strict('globalContext.organizationSettings', {
      languageId: 1033,
      uniqueName: 'contoso',
      isAutoSaveEnabled: switches.autosave,
    }),
    client: strict('globalContext.client', {
      getClient: () => 'Web',
      getClientState: () => (switches.offline ? 'Offline' : 'Online'),
      getFormFactor: () => 1,
      isOffline: () => false,
      isNetworkAvailable: () => !switches.offline,
    }),
    getClientUrl: () => window.location.origin,
    getVersion: () => '9.2.24112.00187',
    getCurrentAppUrl: () => `${window.location.origin}/main.aspx`,
    getWebResourceUrl: (name: string) => `${window.location.origin}/WebResources/${name}`,
    prependOrgName: (path: string) => path,
  });
}

/** `cosell_/strings/x` or with language and ending; the platform picks the user's language, else English. */
function resourceString({ texts, services }: XrmParts, name: string, key: string): string {
  const stem = name.replace(/(\.\d{4,5})?\.resx$/, '');
  for (const candidate of [`${stem}.${services.lang}.resx`, name, `${stem}.1033.resx`, `${stem}.resx`]) {
    const text = texts.get(candidate)?.get(key);
    if (text !== undefined) return text;
  }
  if (![...texts.keys()].some((each) => each.startsWith(stem)))
    throw new NotModelled(`getResourceString of ${name}, which is not installed`);
  return '';
}

/**
 * ComponentFramework.Context as the official types list it (@types/powerapps-component-framework), for
 * one instance of a control. Everything else, such as the undocumented `context.page`, throws by name.
 */
import type { ControlModel } from '../model';
import type { FormSession } from './form-session';
import { navigationOf } from './navigation';
import type { Property } from './pcf-parameters';
import type { Shell } from './shell';
import { NotModelled, strict } from './strict';
import type { Switches } from './switches';
import { formattingOf, userSettingsOf } from './pcf-settings';

export interface ContextParts {
  readonly model: ControlModel;
  readonly session: FormSession;
  readonly shell: Shell;
  readonly switches: Switches;
  readonly texts: ReadonlyMap<string, string>;
  /** Fluent theme of the page, `isDarkTheme` and brand. */
  readonly design: object;
  /** Width in px, -1 until the control asked to be told. */
  readonly width: number;
  readonly disabled: boolean;
  readonly visible: boolean;
  readonly label: string;
  readonly parameters: Record<string, Property | object>;
  readonly updated: readonly string[];
  readonly onRender: () => void;
  readonly onTrackResize: (on: boolean) => void;
  readonly onState: (state: object) => void;
  readonly onEvent: (name: string, payload: unknown) => void;
}

export function contextOf(parts: ContextParts): object {
  const { session, shell, switches, model } = parts;
  return strict('context', {
    parameters: strict('parameters', parts.parameters),
    updatedProperties: [...parts.updated],
    mode: strict('mode', {
      allocatedWidth: parts.width,
      allocatedHeight: -1,
      isControlDisabled: parts.disabled,
      isVisible: parts.visible,
      label: parts.label,
      setControlState: (state: object) => {
        parts.onState(state);
        return true;
      },
      setFullScreen: () => {
        throw new NotModelled('mode.setFullScreen');
      },
      trackContainerResize: parts.onTrackResize,
    }),
    client: strict('client', {
      disableScroll: false,
      getFormFactor: () => (window.innerWidth < 500 ? 3 : 1),
      getClient: () => 'Web',
      isOffline: () => false,
      isNetworkAvailable: () => !switches.offline,
    }),
    device: strict('device', {}),
    factory: strict('factory', {
      requestRender: parts.onRender,
      getPopupService: () => {
        throw new NotModelled('factory.getPopupService');
      },
    }),
    formatting: formattingOf(session),
    navigation: strict('navigation', {
      ...navigationOf(shell),
      openFile: () => {
        throw new NotModelled('navigation.openFile');
      },
      openWebResource: () => {
        throw new NotModelled('navigation.openWebResource');
      },
    }),
    resources: strict('resources', {
      // The platform answers the key itself when there is no such text.
      getString: (id: string) => parts.texts.get(id) ?? id,
      getResource: (_id: string, _success: unknown, failure: () => void) => failure(),
    }),
    userSettings: userSettingsOf(session, switches),
    utils: strict(
      'utils',
      {
        getEntityMetadata: async (name: string) => {
          const { setName, idColumn, nameColumn, label } = await session.services.metadata.table(name);
          return {
            LogicalName: name,
            EntitySetName: setName,
            PrimaryIdAttribute: idColumn,
            PrimaryNameAttribute: nameColumn,
            DisplayName: label,
          };
        },
        hasEntityPrivilege: () => {
          throw new NotModelled('utils.hasEntityPrivilege');
        },
        lookupObjects: ({ entityTypes, allowMultiSelect }: { entityTypes: string[]; allowMultiSelect?: boolean }) =>
          shell.lookup(entityTypes, allowMultiSelect === true),
      },
      ['loadDependency'],
    ),
    webAPI: webApiOf(parts),
    events: strict(
      `events of ${model.name}`,
      Object.fromEntries(model.events.map((name) => [name, (payload?: unknown) => parts.onEvent(name, payload)])),
    ),
    fluentDesignLanguage: parts.design,
    copilot: strict('copilot', {}),
  });
}

function webApiOf({ model, session }: ContextParts): object {
  const { api } = session.services;
  const name = model.name;
  return strict('webAPI', {
    createRecord: (table: string, data: Record<string, unknown>) => api.create(name, table, data),
    updateRecord: (table: string, id: string, data: Record<string, unknown>) => api.update(name, table, id, data),
    deleteRecord: (table: string, id: string) => api.delete(name, table, id),
    retrieveRecord: (table: string, id: string, options?: string) => api.retrieve(name, table, id, options),
    retrieveMultipleRecords: (table: string, options?: string, pageSize?: number) =>
      api.retrieveMultiple(name, table, options, pageSize),
  });
}

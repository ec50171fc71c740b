/**
 * A ComponentFramework.Context in memory for unit tests of index.ts and views. Tests only.
 *
 * It holds state (what was navigated to, whether the control is disabled) and does nothing by itself. Members that no
 * control uses are refused by name.
 */
import { formattingFor, refuse, userSettingsFor } from './formatting';

export interface ContextOptions<TInputs> {
  readonly parameters: TInputs;
  /** Texts by key, see textsOf; without them keys are shown. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Functions of the Web API that the test expects to be called; all others reject. */
  readonly webAPI?: Partial<ComponentFramework.WebApi>;
  readonly disabled?: boolean;
  readonly visible?: boolean;
  readonly languageId?: number;
  readonly isRTL?: boolean;
  /** Minutes east of Greenwich; default 0. */
  readonly timeZoneOffset?: number;
  readonly offline?: boolean;
  readonly tokenTheme?: unknown;
  readonly events?: Readonly<Record<string, (payload?: unknown) => void>>;
}

export interface TestContext<TInputs> extends ComponentFramework.Context<TInputs, ComponentFramework.IEventBag> {
  /** Addresses and records that the control opened, in order. */
  readonly opened: unknown[];
}

export function contextOf<TInputs>(options: ContextOptions<TInputs>): TestContext<TInputs> {
  const { parameters, texts = {}, disabled = false, visible = true, offline = false } = options;
  const person = {
    languageId: options.languageId ?? 1033,
    isRTL: options.isRTL ?? false,
    timeZoneOffset: options.timeZoneOffset ?? 0,
  };
  const opened: unknown[] = [];
  const context: Partial<TestContext<TInputs>> = {
    parameters,
    opened,
    updatedProperties: [],
    events: { ...options.events },
    webAPI: webApi(options.webAPI ?? {}),
    formatting: formattingFor(person),
    userSettings: userSettingsFor(person),
    mode: {
      isControlDisabled: disabled,
      isVisible: visible,
      label: 'The control',
      allocatedHeight: -1,
      allocatedWidth: 320,
      setControlState: () => true,
      setFullScreen: () => undefined,
      trackContainerResize: () => undefined,
    },
    client: {
      disableScroll: false,
      getClient: () => 'Web',
      getFormFactor: () => 1,
      isOffline: () => offline,
      isNetworkAvailable: () => !offline,
    },
    resources: {
      // The platform answers with the key when a text is missing.
      getString: (key) => texts[key] ?? key,
      getResource: () => refuse('resources.getResource'),
    },
    navigation: {
      openForm: (form) => record(opened, form, { savedEntityReference: [] }),
      openUrl: (url) => void opened.push(url),
      openAlertDialog: () => refuse('navigation.openAlertDialog'),
      openConfirmDialog: () => refuse('navigation.openConfirmDialog'),
      openErrorDialog: () => refuse('navigation.openErrorDialog'),
      openFile: () => refuse('navigation.openFile'),
      openWebResource: () => refuse('navigation.openWebResource'),
    },
    ...(options.tokenTheme ? { fluentDesignLanguage: { tokenTheme: options.tokenTheme, brand: {} as never } } : {}),
  };
  return refusingUnknown(context) as TestContext<TInputs>;
}

function record<T>(opened: unknown[], what: unknown, answer: T): Promise<T> {
  opened.push(what);
  return Promise.resolve(answer);
}

function webApi(given: Partial<ComponentFramework.WebApi>): ComponentFramework.WebApi {
  const unexpected = (name: string) => () => Promise.reject(new Error(`webAPI.${name} was not expected by the test`));
  return {
    createRecord: unexpected('createRecord'),
    deleteRecord: unexpected('deleteRecord'),
    updateRecord: unexpected('updateRecord'),
    retrieveMultipleRecords: unexpected('retrieveMultipleRecords'),
    retrieveRecord: unexpected('retrieveRecord'),
    ...given,
  };
}

/** Optional members may be asked for; reaching for anything else of the platform is a fault of the control. */
function refusingUnknown<T extends object>(context: T): T {
  const optional = new Set<PropertyKey>(['fluentDesignLanguage']);
  return new Proxy(context, {
    get: (target, name) => {
      if (name in target || optional.has(name) || typeof name === 'symbol') return Reflect.get(target, name) as unknown;
      // Names that test libraries and promises probe for.
      if (['$$typeof', 'then', 'toJSON', 'asymmetricMatch', 'nodeType', 'tagName'].includes(name)) return undefined;
      return refuse(`context.${name}`);
    },
  });
}

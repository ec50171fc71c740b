/**
 * The page's switches: person, language, theme, width, network faults, field security, runtime.
 *
 * Read from the address, so that a test or a link can set any state; the panel changes them in place
 * where that is possible and reloads the page where the platform would need it too.
 */
export interface Switches {
  /** Id of the person to work as; empty for the first one. */
  person: string;
  /** LCID: 1033, 1036, 1053, 1028, and 1025 (Arabic) for right-to-left. */
  lang: number;
  dark: boolean;
  rtl: boolean;
  /** Width of the form in px; 0 for all there is. */
  width: number;
  offline: boolean;
  /** Milliseconds that each Web API call takes longer. */
  latency: number;
  /** `403@retrieveMultiple`, `500@update:opportunity`; several with commas; empty for none. */
  fail: string;
  /** Columns under field security, comma separated. */
  readonly: string;
  masked: string;
  /** Shows what the worker changed without a click. */
  live: boolean;
  autosave: boolean;
  /** A second instance of each code component below the form. */
  second: boolean;
  /** The panel of switches is open. */
  switches: boolean;
  /** Fixed time (ISO) for screenshots; empty for the emulators' clock. */
  now: string;
  /** Whether OnLoad of the form runs once more after the first save. The platform's behaviour is UNVERIFIED. */
  onLoadAfterCreate: boolean;
}

export const presets: Switches = {
  person: '',
  lang: 1033,
  dark: false,
  rtl: false,
  width: 0,
  offline: false,
  latency: 0,
  fail: '',
  readonly: '',
  masked: '',
  live: false,
  autosave: false,
  second: false,
  switches: false,
  now: '',
  onLoadAfterCreate: false,
};

/** These are read once when the page starts. */
export const needReload: ReadonlySet<keyof Switches> = new Set([
  'person',
  'lang',
  'rtl',
  'second',
  'now',
  'onLoadAfterCreate',
] as const);

export function readSwitches(query: URLSearchParams): Switches {
  const found: Record<string, string | number | boolean> = { ...presets };
  for (const [name, preset] of Object.entries(presets)) {
    const text = query.get(name);
    if (text === null) continue;
    if (typeof preset === 'boolean') found[name] = text !== '0' && text !== 'false';
    else if (typeof preset === 'number') found[name] = Number(text);
    else found[name] = text;
  }
  const switches = found as unknown as Switches;
  if (switches.lang === 1025 || switches.lang === 1037) switches.rtl = true;
  return switches;
}

/** The address with these switches; those at their preset are left out. */
export function writeSwitches(query: URLSearchParams, switches: Switches): URLSearchParams {
  const next = new URLSearchParams(query);
  for (const [name, preset] of Object.entries(presets)) {
    const value = switches[name as keyof Switches];
    if (value === preset) next.delete(name);
    else next.set(name, typeof value === 'boolean' ? (value ? '1' : '0') : String(value));
  }
  return next;
}

export interface Failure {
  readonly status: number;
  /** create, retrieve, retrieveMultiple, update, delete, or `*`. */
  readonly verb: string;
  readonly table: string;
}

export function failuresOf(text: string): Failure[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)
    .map((each) => {
      const [, status, verb, table] = /^(\d{3})(?:@(\w+|\*))?(?::(\w+))?$/.exec(each) ?? [];
      if (status === undefined) throw new Error(`The switch fail does not understand ${each}`);
      return { status: Number(status), verb: verb ?? '*', table: table ?? '*' };
    });
}

export function columnsOf(text: string): ReadonlySet<string> {
  return new Set(
    text
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean),
  );
}

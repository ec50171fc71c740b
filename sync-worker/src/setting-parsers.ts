/**
 * What a setting is, and how its text becomes a value. Each parser throws a plain Error whose message is the fix,
 * to be put behind the setting's name; none repeats the value, which may be a secret put in the wrong place.
 */
export type Parse<T> = (text: string) => T;

export interface Setting<T> {
  /** One sentence for the admin. */
  readonly about: string;
  readonly parse: Parse<T>;
  /** The text that is read when nothing is set. */
  readonly fallback?: string;
  /** What the default is called where it is no fixed text. */
  readonly fallbackNote?: string;
  readonly required?: boolean;
  /** Its value is never shown. */
  readonly secret?: boolean;
}

export type SettingTable = Readonly<Record<string, Setting<unknown>>>;

export function setting<T>(one: Setting<T>): Setting<T> {
  return one;
}

/** A table of settings as docs/configuration.md shows it, heading first. */
export function settingRows(table: SettingTable): string[][] {
  const rows = Object.entries(table).map(([name, one]) => {
    const fallback = one.required
      ? '**required**'
      : (one.fallbackNote ?? (one.fallback === undefined ? '' : `\`${one.fallback}\``));
    return [`\`${name}\``, `${one.about}${one.secret ? ' Secret.' : ''}`, fallback];
  });
  return [['Setting', 'What it is for', 'Default'], ...rows];
}

export const text: Parse<string> = (value) => value;

/** https://host[:port]; plain http only to this machine, for the emulators. Gives the origin. */
export const origin: Parse<string> = (value) => {
  const url = address(value);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new Error('give the address only, without a path, like https://contoso.crm.dynamics.com');
  }
  return url.origin;
};

/** A vault of Microsoft's clouds; an emulator on this machine. A token is sent there, so nothing else will do. */
export const vault: Parse<string> = (value) => {
  const url = new URL(origin(value));
  const known = /^[a-z0-9-]{3,24}\.vault\.(?:azure\.net|azure\.cn|usgovcloudapi\.net)$/.test(url.hostname);
  if (known && url.port === '') return url.origin;
  if (/^(?:localhost|127(?:\.\d{1,3}){3})$/.test(url.hostname)) return url.origin;
  throw new Error('must be the address of a Key Vault, like https://contoso.vault.azure.net');
};

/** Microsoft Learn: Key Vault object identifiers. */
export const secretName: Parse<string> = (value) => {
  if (!/^[0-9a-zA-Z-]{1,127}$/.test(value))
    throw new Error('may hold only letters, digits and -, at most 127 characters');
  return value;
};

function address(value: string): URL {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw new Error('is no address; it must look like https://contoso.crm.dynamics.com');
  }
  if (url.username !== '' || url.password !== '') throw new Error('must not contain a user or password');
  const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw new Error('must begin with https:// (http:// is for emulators on this machine only)');
  }
  return url;
}

const guidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const guid: Parse<string> = (value) => {
  if (!guidPattern.test(value)) throw new Error('must be an id like 00000000-0000-0000-0000-000000000000');
  return value.toLowerCase();
};

export const tenant: Parse<string> = (value) => {
  if (guidPattern.test(value)) return value.toLowerCase();
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(value)) return value.toLowerCase();
  throw new Error("must be the tenant's id or one of its domain names, like contoso.onmicrosoft.com");
};

export const managedIdentity: Parse<{ readonly clientId: string }> = (value) => {
  if (value.toLowerCase() === 'system') return { clientId: '' };
  if (guidPattern.test(value)) return { clientId: value.toLowerCase() };
  throw new Error('must be "system" or the client id of a user-assigned identity');
};

export const connectionName: Parse<string> = (value) => {
  if (!/^[a-z0-9-]{1,50}$/.test(value)) throw new Error('may hold only a-z, 0-9 and -, at most 50 characters');
  return value;
};

export function number(least: number, most: number): Parse<number> {
  return (value) => {
    const parsed = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : NaN;
    if (!(parsed >= least && parsed <= most)) throw new Error(`must be a number from ${least} to ${most}`);
    return parsed;
  };
}

export function integer(least: number, most: number): Parse<number> {
  return (value) => {
    const parsed = /^\d+$/.test(value) ? Number(value) : NaN;
    if (!(parsed >= least && parsed <= most)) throw new Error(`must be a whole number from ${least} to ${most}`);
    return parsed;
  };
}

export function oneOf<const T extends string>(...values: readonly T[]): Parse<T> {
  return (value) => {
    const found = values.find((one) => one === value.toLowerCase());
    if (found === undefined) throw new Error(`must be one of ${values.join(', ')}`);
    return found;
  };
}

export const yesNo: Parse<boolean> = (value) => {
  if (/^(?:yes|true|1)$/i.test(value)) return true;
  if (/^(?:no|false|0)$/i.test(value)) return false;
  throw new Error('must be yes or no');
};

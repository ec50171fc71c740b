/**
 * Files of the settings that hold a secret and that others on the machine can read.
 *
 * A warning only: on App Service under Linux the home folder is a share on which every file looks open, and refusing
 * would keep a worker from starting that nobody else can reach. The refresh token's file is stricter (refresh-token-store.ts).
 */
import { statSync } from 'node:fs';

/** Settings that name such a file. */
const secretFiles = [
  'COSELL_SETTINGS_FILE',
  'COSELL_CLIENT_CERTIFICATE_FILE',
  'PARTNER_CENTER_CLIENT_CERTIFICATE_FILE',
];

interface NamedFile {
  readonly name: string;
  /** Its path, as set. */
  readonly shown: string;
}

/** One line for each, ready for the log. `mode` of a path: rights as numbers; undefined where there are none (Windows) or no file. */
export function openFiles(
  settings: readonly NamedFile[],
  mode: (path: string) => number | undefined = modeOf,
): string[] {
  return settings
    .filter(({ name, shown }) => secretFiles.includes(name) && shown !== '')
    .flatMap(({ name, shown }) => {
      const rights = mode(shown);
      return rights === undefined || (rights & 0o077) === 0
        ? []
        : [`${name}: others on this machine can read the file; chmod 600, or use a Key Vault reference`];
    });
}

function modeOf(path: string): number | undefined {
  if (process.platform === 'win32') return undefined;
  return statSync(path, { throwIfNoEntry: false })?.mode;
}

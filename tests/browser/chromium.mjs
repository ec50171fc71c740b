/**
 * Finds a Chromium to test with and prints how to start it, as JSON: `{ path, args, env? }`.
 *
 * First the one that `COSELL_BROWSER` names, then an installed Chrome, Chromium or Edge, then the one inside the npm
 * package @sparticuz/chromium (made for servers without a browser; brings the libraries that such servers lack).
 * `COSELL_BROWSER=npm` names that package's: the same build everywhere, as the compared pictures need.
 * A process of its own, because that package is an ES module and the tests are CommonJS.
 */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Hinting differs between machines; without it the same text has the same width everywhere.
const common = ['--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'];

const places = {
  linux: ['/opt/google/chrome/chrome', '/usr/lib/chromium/chromium', '/snap/bin/chromium'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [process.env['PROGRAMFILES'], process.env['PROGRAMFILES(X86)'], process.env['LOCALAPPDATA']]
    .filter(Boolean)
    .flatMap((folder) => [
      `${folder}\\Google\\Chrome\\Application\\chrome.exe`,
      `${folder}\\Microsoft\\Edge\\Application\\msedge.exe`,
    ]),
};
const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];

/** Value of COSELL_BROWSER for the browser inside the npm package. */
const packaged = 'npm';

const help = `No browser was found for the browser tests. One of these helps:
- install Chromium or Chrome (Debian, Ubuntu: apt-get install chromium),
- set COSELL_BROWSER to the browser's executable file,
- run npm ci again: the development dependency @sparticuz/chromium brings a browser for 64-bit Linux.`;

function canRun(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function installedBrowser(environment = process.env, platform = process.platform, runs = canRun) {
  const named = environment['COSELL_BROWSER'];
  if (named === packaged) return undefined;
  if (named) {
    if (!runs(named)) throw new Error(`COSELL_BROWSER names ${named}, which cannot be run.`);
    return named;
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter(Boolean);
  const onPath = folders.flatMap((folder) => commands.map((name) => join(folder, name)));
  return [...onPath, ...(places[platform] ?? [])].find((path) => runs(path));
}

/** NSS is what a server without a desktop lacks most; the package brings it for Amazon Linux, which works on others. */
function lacksLibraries() {
  const folders = ['/usr/lib', '/usr/lib64', '/lib', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu'];
  return !folders.some(
    (folder) => existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('libnss3.so')),
  );
}

export async function packagedBrowser(lacking = lacksLibraries()) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  // The package unpacks its libraries only where it believes to run on Lambda.
  if (lacking) process.env['AWS_EXECUTION_ENV'] = 'AWS_Lambda_nodejs22.x';
  let chromium;
  try {
    ({ default: chromium } = await import('@sparticuz/chromium'));
  } catch {
    return undefined;
  }
  const path = await chromium.executablePath();
  const args = ['--no-sandbox', '--no-zygote', '--disable-gpu', ...common];
  if (!lacking) return { path, args };
  const { LD_LIBRARY_PATH = '', FONTCONFIG_PATH = join(tmpdir(), 'fonts') } = process.env;
  return { path, args, env: { LD_LIBRARY_PATH, FONTCONFIG_PATH } };
}

export async function findBrowser() {
  const installed = installedBrowser();
  // Containers run tests as root, where Chromium's sandbox refuses to start.
  const sandbox = typeof process.getuid === 'function' && process.getuid() === 0 ? ['--no-sandbox'] : [];
  if (installed) return { path: installed, args: [...sandbox, ...common] };
  return packagedBrowser();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const found = await findBrowser();
    if (found) process.stdout.write(JSON.stringify(found));
    else throw new Error(help);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

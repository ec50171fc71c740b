/**
 * Installs the packages when they are missing or older than the lock file, so that each of
 * the README's commands works on a fresh clone. Plain JavaScript: it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(
    `Node.js 20 or newer is needed; this is ${process.version}. Install it from https://nodejs.org and run the command again.`,
  );
  process.exit(1);
}

const marker = `${root}node_modules/.package-lock.json`;
const installed = existsSync(marker) && statSync(marker).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs;
const linked = lstatSync(`${root}node_modules`, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
if (!installed && linked) {
  // npm ci empties the folder before it installs: here that would be somebody else's.
  console.log('node_modules is a link to packages of another folder. They are used as they are; install them there.');
} else if (!installed) {
  console.log('Installing packages (first run only) ...');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const run = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) process.exit(run.status ?? 1);
}

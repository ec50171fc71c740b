/** The packages of a fresh clone: installed when they are missing, never through a link into another folder. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

test('packages that are shared by a link are used as they are, and never emptied by an installation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cosell-linked-'));
  try {
    mkdirSync(join(folder, 'scripts'));
    mkdirSync(join(folder, 'of-another-clone'));
    writeFileSync(join(folder, 'of-another-clone', 'kept'), '');
    writeFileSync(join(folder, 'package-lock.json'), '{}');
    symlinkSync(join(folder, 'of-another-clone'), join(folder, 'node_modules'), 'junction');
    copyFileSync(
      join(__dirname, '..', 'scripts', 'ensure-installed.mjs'),
      join(folder, 'scripts', 'ensure-installed.mjs'),
    );
    const run = spawnSync(process.execPath, [join(folder, 'scripts', 'ensure-installed.mjs')], { encoding: 'utf8' });
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('node_modules is a link');
    expect(existsSync(join(folder, 'of-another-clone', 'kept'))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

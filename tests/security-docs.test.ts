/** docs/security.md names the test that proves each claim: every one of them is there, and numbers are the code's. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
const text = readFileSync(join(root, 'docs/security.md'), 'utf8');
const named = [...text.matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.(?:test\.tsx?|cjs))`/g)].map(([, path]) => String(path));

test('every test that the threat model names exists', () => {
  expect(new Set(named).size).toBeGreaterThan(25);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('a test is named with its whole path, so that it can be found', () => {
  expect(text.match(/`[\w.-]+\.test\.tsx?`/g)).toBeNull();
});

test('the number of packages is right', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object };
  expect(/(\d+) packages stand in `dependencies`/.exec(text)?.[1]).toBe(String(Object.keys(dependencies).length));
});

test('settings and commands that it tells to use are real', () => {
  const sources = ['settings.ts', 'web/web-settings.ts', 'cli/forget.ts', 'cli/signin.ts', 'cli/webhooks.ts']
    .map((path) => readFileSync(join(root, 'sync-worker/src', path), 'utf8'))
    .join('\n');
  const settings = [...text.matchAll(/`((?:COSELL|PARTNER_CENTER)_[A-Z_]+[A-Z])`/g)].map(([, name]) => String(name));
  expect(settings.length).toBeGreaterThan(5);
  expect([...settings, '--dry-run', '--json', '--yes'].filter((name) => !sources.includes(name))).toEqual([]);
});

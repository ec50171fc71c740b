/**
 * Everything that CI runs, in one place: types, lint, the solution packed and checked, the WebJob built, all tests.
 * Ends with one line, `N passed, N failed`, in which each step that is no test counts as one.
 *
 * `npm test -- <jest arguments>` runs only jest with those arguments.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const only = process.argv.slice(2);
let passed = 0;
let failed = 0;

const bin = (name) => join(root, 'node_modules', name);
const done = (title, status, output = '') => {
  console.log(`\n> ${title}${output.trim() === '' ? '' : `\n${output.trimEnd()}`}`);
  if (status === 0) passed += 1;
  else {
    failed += 1;
    console.log(`FAILED: ${title}`);
  }
};
const run = ([title, script, args]) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part) => (output += part));
    child.on('close', (status) => {
      done(title, status, output);
      resolve();
    });
  });
/** Each of these keeps one core busy, and CI has two. */
const runTwoAtATime = async (steps) => {
  const waiting = [...steps];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await run(next);
  };
  await Promise.all([work(), work()]);
};

if (only.length === 0) {
  // Before the types: a control's build writes the types of its manifest.
  console.log('\n> pack');
  const pack = spawnSync(process.execPath, [bin('tsx/dist/cli.mjs'), 'scripts/pack.ts'], {
    cwd: root,
    stdio: 'inherit',
  });
  done('pack', pack.status);
  // What did not change since the last run is not looked at again.
  const kept = join(root, 'build', 'checks');
  mkdirSync(kept, { recursive: true });
  const cache = ['--cache', '--cache-strategy', 'content', '--cache-location', join(kept, 'eslint.json')];
  await runTwoAtATime([
    ['lint', bin('eslint/bin/eslint.js'), ['.', '--max-warnings', '0', ...cache]],
    ...['.', 'pcf-controls', 'webresources', 'emulators/form-host/page'].map((program) => {
      const info = join(kept, `${program === '.' ? 'root' : program.replaceAll('/', '-')}.tsbuildinfo`);
      const args = ['--noEmit', '--incremental', '--tsBuildInfoFile', info, '-p', program];
      return [`types of ${program}`, bin('typescript/bin/tsc'), args];
    }),
  ]);
}

console.log('\n> tests');
const folder = mkdtempSync(join(tmpdir(), 'cosell-test-'));
const report = join(folder, 'report.json');
// Only a whole run can tell whether every branch of domain/ was seen.
const coverage = only.length === 0 ? ['--coverage', '--coverageReporters=text-summary'] : [];
// Half the work of collecting garbage: what a test makes is dropped at once. jest's workers get it, too.
const memory = '--max-semi-space-size=64';
const jest = spawnSync(
  process.execPath,
  [memory, bin('jest/bin/jest.js'), '--json', `--outputFile=${report}`, ...coverage, ...only],
  { cwd: root, stdio: 'inherit' },
);
try {
  const { numPassedTests, numFailedTests, numFailedTestSuites, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  passed += numPassedTests;
  failed += numFailedTests + numRuntimeErrorTestSuites;
  if (jest.status !== 0 && numFailedTests + numFailedTestSuites === 0) {
    console.log('FAILED: coverage of domain/ is not complete, or jest could not end');
    failed += 1;
  }
} catch {
  console.log('FAILED: jest made no report');
  failed += 1;
}
rmSync(folder, { recursive: true, force: true });

console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

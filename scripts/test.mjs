/**
 * Everything that CI runs, in one place: types, lint, the solution packed and checked, the WebJob built, all tests.
 * Ends with one line, `N passed, N failed`, in which each step that is no test counts as one.
 *
 * `npm test -- <jest arguments>` runs only jest with those arguments.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const only = process.argv.slice(2);
let passed = 0;
let failed = 0;

const bin = (name) => join(root, 'node_modules', name);
const step = (title, script, args) => {
  console.log(`\n> ${title}`);
  const run = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (run.status === 0) passed += 1;
  else {
    failed += 1;
    console.log(`FAILED: ${title}`);
  }
};

if (only.length === 0) {
  // Before the types: a control's build writes the types of its manifest.
  step('pack', bin('tsx/dist/cli.mjs'), ['scripts/pack.ts']);
  for (const program of ['.', 'pcf-controls', 'webresources', 'emulators/form-host/page']) {
    step(`types of ${program}`, bin('typescript/bin/tsc'), ['--noEmit', '-p', program]);
  }
  step('lint', bin('eslint/bin/eslint.js'), ['.', '--max-warnings', '0']);
}

console.log('\n> tests');
const folder = mkdtempSync(join(tmpdir(), 'cosell-test-'));
const report = join(folder, 'report.json');
// Only a whole run can tell whether every branch of domain/ was seen.
const coverage = only.length === 0 ? ['--coverage', '--coverageReporters=text-summary'] : [];
const jest = spawnSync(process.execPath, [bin('jest/bin/jest.js'), '--json', `--outputFile=${report}`, ...coverage, ...only], { cwd: root, stdio: 'inherit' });
try {
  const { numPassedTests, numFailedTests, numFailedTestSuites, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
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

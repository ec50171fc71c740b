import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCatalogue } from '../../sync-worker/src/errors';

/** docs/operate.md is only worth reading as long as each line of its table is what a test shows. */
const root = join(__dirname, '..', '..');
const text = readFileSync(join(root, 'docs', 'operate.md'), 'utf8');
const table = text.slice(text.indexOf('<!-- failures: begin -->'), text.indexOf('<!-- failures: end -->'));
const rows = table
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| What happened'))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));

test('every failure of the page names the test that breaks it, and that test exists', () => {
  expect(rows.length).toBeGreaterThan(35);
  for (const cells of rows) {
    expect([cells[0], cells.length]).toEqual([cells[0], 5]);
    const [, file = '', title = ''] = /^(\S+): `(.+)`$/.exec(cells[4] ?? '') ?? [];
    const path = join(root, 'tests', file.includes('/') ? `${file}.test.ts` : `recovery/${file}.test.ts`);
    expect([cells[0], file, existsSync(path)]).toEqual([cells[0], file, true]);
    const titles = [...readFileSync(path, 'utf8').matchAll(/\btest\(\s*(['`])([\s\S]*?)\1,/g)].map(
      (match) => match[2] ?? '',
    );
    expect([title, titles.some((one) => one.includes(title))]).toEqual([title, true]);
  }
});

test('every code that the page names is one of the worker’s', () => {
  const codes = rows.flatMap((cells) =>
    [...cells.join(' ').matchAll(/`([A-Z][A-Z_]{5,})`/g)].map((match) => match[1] ?? ''),
  );
  const eventCodes = ['ADOPTED'];
  for (const code of codes) expect([code, code in errorCatalogue || eventCodes.includes(code)]).toEqual([code, true]);
});

test('each log line that the page quotes is written by the worker', () => {
  const source = [
    'worker.ts',
    'run.ts',
    'failure.ts',
    'crm/feeds.ts',
    'crm/news.ts',
    'crm/links.ts',
    'http/throttle.ts',
  ]
    .map((file) => readFileSync(join(root, 'sync-worker', 'src', file), 'utf8'))
    .join('\n');
  const quoted = rows.flatMap((cells) =>
    [...(cells[1] ?? '').matchAll(/log: `([a-z][^`]+)`/g)].map((match) => match[1] ?? ''),
  );
  expect(quoted.length).toBeGreaterThan(8);
  for (const line of quoted.filter((one) => !/^setting[A-Z]/.test(one)))
    expect([line, source.includes(line)]).toEqual([line, true]);
});

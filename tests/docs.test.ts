/**
 * The documents say what the code says, in both directions.
 *
 * Tables between `rendered` markers are compared cell by cell with the code; hand-written tables of names are compared
 * with the names in the source; every relative link must lead somewhere.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { findingCatalogue } from '../domain/finding';
import { startDataverse, seedSales } from '../emulators/dataverse';
import { EmulatorClock } from '../emulators/kit/clock';
import { FaultPlan } from '../emulators/kit/faults';
import { Journal } from '../emulators/kit/journal';
import { managedSolution } from '../solution/kept-pack';
import { cellsOf, renderInto, sections, sectionsIn, tableOf } from '../scripts/render-docs';
import { readMapping } from '../sync-worker/src/crm/mapping';
import { errorCatalogue } from '../sync-worker/src/errors';
import { noticeCodes } from '../sync-worker/src/words';

const root = join(__dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

function files(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(node_modules|dist|build|\.git)$/.test(entry.name) ? [] : files(path, ending);
    return entry.name.endsWith(ending) ? [path.split(sep).join('/')] : [];
  });
}

const documents = files('.', '.md');

/** Names of a column of the table below a heading, without their backticks. */
function namesUnder(text: string, heading: string): string[] {
  const [, rest = ''] = text.split(new RegExp(`^## ${heading}$`, 'm'));
  const [part = ''] = rest.split(/^## /m);
  return [...part.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name ?? '');
}

/** Texts in quotes of all files of a folder that are not tests. */
function literals(paths: readonly string[], pattern: RegExp): string[] {
  const found = paths
    .filter((path) => !path.endsWith('.test.ts'))
    .flatMap((path) => [...read(path).matchAll(pattern)].map(([, name]) => name ?? ''));
  return [...new Set(found)].sort();
}

const core = readdirSync(join(root, 'sync-worker/src'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `sync-worker/src/${name}`);

describe('tables in the documents', () => {
  const placed = documents.flatMap((path) => sectionsIn(read(path)).map((name) => [name, path] as const));

  test.each(placed)('%s in %s says what the code says', (name, path) => {
    const mend = 'npx tsx scripts/render-docs.ts';
    expect({ mend, table: cellsOf(read(path), name) }).toEqual({ mend, table: tableOf(name) });
  });

  test('every table that can be rendered stands in one document', () => {
    expect(placed.map(([name]) => name).sort()).toEqual(Object.keys(sections).sort());
  });

  test.each(Object.keys(sections))('table %s has rows, and no row appears twice', (name) => {
    const [heading = [], ...rows] = tableOf(name);
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.every((row) => row.length === heading.length)).toBe(true);
    expect(new Set(rows.map((row) => row.join('|'))).size).toBe(rows.length);
  });

  test('a cell that was changed by hand is found and mended', () => {
    const text = read('docs/errors.md');
    const changed = text.replace(/(`THROTTLED` +\| )retry/, '$1park');
    expect(changed).not.toBe(text);
    expect(cellsOf(changed, 'errors')).not.toEqual(tableOf('errors'));
    expect(cellsOf(renderInto(changed), 'errors')).toEqual(tableOf('errors'));
    expect(cellsOf(renderInto(changed), 'findings')).toEqual(tableOf('findings'));
  });

  test('a row that is missing or too much is found', () => {
    const text = read('docs/errors.md');
    const line = /^\| `LEASE_LOST`.*\n/m;
    expect(cellsOf(text.replace(line, ''), 'errors')).not.toEqual(tableOf('errors'));
    expect(
      cellsOf(
        text.replace(line, (row) => row + row.replace('LEASE_LOST', 'LEASE_FOUND')),
        'errors',
      ),
    ).not.toEqual(tableOf('errors'));
  });

  test('a table may be spaced otherwise', () => {
    const text = read('docs/errors.md').replace(/\| `THROTTLED` +\|/, '|   `THROTTLED`   |');
    expect(renderInto(text)).toBe(text);
  });
});

describe('codes', () => {
  const errors = read('docs/errors.md');

  test('every code that the core writes is explained, and every code that is explained is written', () => {
    const catalogued: string[] = [
      ...[errorCatalogue, findingCatalogue].flatMap((catalogue) => Object.keys(catalogue)),
      ...noticeCodes,
    ];
    // Only what writes events: elsewhere such words are signals and settings.
    const writers = core.filter((path) => /SyncEvent|events: \[|notes: /.test(read(path)));
    const codes = literals(writers, /'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{5,})'/g).filter(
      (code) => !catalogued.includes(code),
    );
    expect(namesUnder(errors, 'Event codes').sort()).toEqual(codes);
  });

  test('every rule that filters a referral is explained, and every rule that is explained filters', () => {
    const rules = literals(core, /(?:rule: |'filtered', |\? |: |link, )'([a-z]+(?:[A-Z][a-z]+)+)'/g);
    const explained = namesUnder(errors, 'Filter rules');
    const written = literals(core, /(?:rule: |'filtered', )'([A-Za-z]+)'/g);
    expect(explained).toEqual(expect.arrayContaining(written));
    expect([...rules, ...written]).toEqual(expect.arrayContaining(explained));
  });

  test('every finding of the CRM adapter is explained, and every finding that is explained is made', () => {
    const made = literals(files('sync-worker/src/crm', '.ts'), /(?:code: |code = |wrong\(name, )'([a-z]+[A-Z]\w*)'/g);
    expect(namesUnder(errors, 'Settings and environment')).toEqual(expect.arrayContaining(made));
    const quoted = literals(files('sync-worker/src/crm', '.ts'), /'([a-z]+[A-Z]\w*)'/g);
    expect(quoted).toEqual(expect.arrayContaining(namesUnder(errors, 'Settings and environment')));
  });
});

describe('emulators', () => {
  const text = read('docs/emulators.md');

  test('every documented fault exists, and every fault is documented', () => {
    const [, kinds = ''] = /export type FaultKind =([\s\S]*?);/.exec(read('emulators/kit/faults.ts')) ?? [];
    expect(namesUnder(text, 'Faults').sort()).toEqual([...kinds.matchAll(/'(\w+)'/g)].map(([, kind]) => kind).sort());
  });

  test('every action and function of the Dataverse emulator is documented', () => {
    const source = read('emulators/dataverse/actions.ts');
    const named = [...source.matchAll(/^const (?:functions|actions)[^{]*\{([\s\S]*?)\};/gm)].flatMap(([, body = '']) =>
      [...body.matchAll(/(?:^|[{,])\s*(\w+)(?=:|,)/gm)].map(([, name]) => name),
    );
    expect(named).toEqual(expect.arrayContaining(['WhoAmI', 'WinOpportunity', 'ImportSolutionAsync']));
    for (const name of named) expect(text).toContain(`/api/data/v9.2/${name}`);
  });

  test('every documented route of the Dataverse emulator is answered', async () => {
    const [, table = ''] = /<!-- probed: dataverse -->\n([\s\S]*?)<!-- end -->/.exec(text) ?? [];
    const rows = [...table.matchAll(/^\| (GET|POST|PATCH|PUT|DELETE) +\| `([^`]+)`(.*?)\|/gm)];
    expect(rows.length).toBeGreaterThan(15);
    const clock = new EmulatorClock('2026-11-23T08:00:00Z');
    const dataverse = await startDataverse({
      clock,
      journal: new Journal(),
      faults: new FaultPlan(),
      authenticate: () => ({ applicationId: 'c05e11c0-1111-4000-8000-000000000001' }),
    });
    try {
      dataverse.installSolution(managedSolution());
      seedSales(dataverse);
      const seller = dataverse.as(dataverse.users.seller);
      const answers: Record<string, number> = {};
      for (const [, method = '', path = '', more = ''] of rows) {
        const lead = seller.create('lead', { subject: 'A lead', lastname: 'Lind', companyname: 'Fjordlys AS' });
        const opportunity = seller.create('opportunity', { name: 'A deal' });
        const url = path
          .replace('{set}', 'opportunities')
          .replace('{own}', 'cosell_solutions')
          .replace('{column}', 'name')
          .replace('{id}', path.includes('leads') ? lead : opportunity);
        const tracked: Record<string, string> = more.includes('track-changes') ? { Prefer: 'odata.track-changes' } : {};
        const response = await fetch(`${dataverse.url}${url}`, {
          method,
          headers: { Authorization: 'Bearer any', 'Content-Type': 'application/json', ...tracked },
          ...(method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }),
        });
        answers[`${method} ${path}${more}`] = response.status;
        await response.text();
      }
      // 400: the route is there, and says what it misses. No route: 404, 405 or 501.
      expect(Object.entries(answers).filter(([, status]) => status >= 400 && status !== 400)).toEqual([]);
      const reads = Object.entries(answers).filter(([name]) => name.startsWith('GET'));
      expect(reads.filter(([, status]) => status !== 200)).toEqual([]);
    } finally {
      await dataverse.stop();
    }
  });
});

describe('words around the code', () => {
  test('the README can be read in a minute', () => {
    expect(read('README.md').split('\n').length).toBeLessThan(100);
    expect(read('README.md')).not.toContain('](http');
  });

  test('every command that the README names exists', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [
      ...`${read('README.md')}${read('CONTRIBUTING.md')}${read('docs/emulators.md')}`.matchAll(
        /npm (?:run )?(test|start|(?<=run )[\w-]+)/g,
      ),
    ];
    expect(named.length).toBeGreaterThan(4);
    for (const [, name = ''] of named) expect(Object.keys(scripts)).toContain(name);
  });

  test('each package of package.json has its reason, and no reason is for a package that is gone', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >;
    const text = read('docs/decisions/0002-libraries.md');
    const firstCells = (heading: string): string[] => {
      const [, rest = ''] = text.split(`## ${heading}\n`);
      const [part = ''] = rest.split('\n## ');
      return [...part.matchAll(/^\| (`[^|]+)\|/gm)].flatMap(([, cell = '']) =>
        [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''),
      );
    };
    expect(firstCells('What ships').sort()).toEqual(Object.keys(dependencies).sort());
    expect(firstCells('What only builds and tests').sort()).toEqual(Object.keys(devDependencies).sort());
  });

  test('the mapping shown in the documents is one that the worker takes', () => {
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(read('docs/fields.md')) ?? [];
    const mapping = readMapping(example);
    expect(mapping.columns.opportunity.dealNotes).toBe('contoso_microsoftnotes');
    expect(mapping.owners).toHaveLength(1);
  });

  test('every document that a comment sends its reader to exists', () => {
    const sources = ['.ts', '.mjs', '.js']
      .flatMap((ending) => files('.', ending))
      .filter((path) => !path.endsWith('docs.test.ts'));
    const named = sources.flatMap((path) =>
      [...read(path).matchAll(/\bdocs\/[\w/-]+\.md\b/g)].map(([name]) => [path, name] as const),
    );
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter(([, name]) => !existsSync(join(root, name)))).toEqual([]);
  });

  test('the lock file names no host but the public registry', () => {
    const hosts = [...read('package-lock.json').matchAll(/"resolved": "([^"]+)"/g)].map(
      ([, url = '']) => new URL(url).origin,
    );
    expect(hosts.filter((host) => host !== 'https://registry.npmjs.org')).toEqual([]);
  });
});

describe('links', () => {
  /** As GitHub makes them from headings. */
  function anchorsOf(text: string): string[] {
    const counts = new Map<string, number>();
    return [...withoutCode(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) => {
      const slug = title
        .replace(/`/g, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replace(/ /g, '-');
      const before = counts.get(slug) ?? 0;
      counts.set(slug, before + 1);
      return before === 0 ? slug : `${slug}-${before}`;
    });
  }

  function withoutCode(text: string): string {
    return text.replace(/^( *)```[\s\S]*?^\1```/gm, '');
  }

  function broken(path: string, text: string): string[] {
    const links = [
      ...withoutCode(text)
        .replace(/`[^`\n]*`/g, '')
        .matchAll(/\]\(([^)\s]+)\)/g),
    ].map(([, target]) => target ?? '');
    return links
      .filter((link) => !/^(https?:|mailto:)/.test(link))
      .filter((link) => {
        const [file = '', anchor] = link.split('#');
        const target = file === '' ? join(root, path) : join(root, dirname(path), file);
        if (relative(root, target).startsWith('..') || !existsSync(target)) return true;
        if (anchor === undefined) return false;
        return (
          statSync(target).isDirectory() ||
          !anchorsOf(file === '' ? text : readFileSync(target, 'utf8')).includes(anchor)
        );
      });
  }

  test.each(documents)('every link in %s leads somewhere', (path) => {
    expect(broken(path, read(path))).toEqual([]);
  });

  test('a link to a file, a heading or a place outside that is not there is found', () => {
    const links = '[a](gone.md) [b](docs/errors.md#gone) [c](#gone) [d](../elsewhere.md) [e](docs/#folder)';
    expect(broken('README.md', links)).toHaveLength(5);
    expect(broken('README.md', '# Here\n[a](docs/errors.md#findings) [b](#here) [c](docs/) `[d](no.md)`')).toEqual([]);
  });

  test('the documents are there', () => {
    const needed = [
      'README.md',
      'CONTRIBUTING.md',
      'CHANGELOG.md',
      ...['how-it-works', 'install-dynamics', 'configuration', 'fields', 'errors', 'emulators', 'glossary'].map(
        (name) => `docs/${name}.md`,
      ),
    ];
    expect(documents).toEqual(expect.arrayContaining(needed));
    expect(read('CHANGELOG.md')).toContain('## Unreleased');
    expect(read('LICENSE')).toContain('Co-sell connector contributors');
  });
});

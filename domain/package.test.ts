import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { generatedFiles, outdatedFiles } from '../scripts/generate-iso';

const sources = readdirSync(__dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));

/** Minified size in bytes of a bundle that uses one function. */
function bundledSize(code: string): number {
  const bundle = buildSync({
    stdin: { contents: code, resolveDir: __dirname, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    charset: 'utf8',
  });
  return bundle.outputFiles[0]?.contents.length ?? Infinity;
}

describe('the rules as a package', () => {
  test('the generated tables are what the libraries say today', () => {
    expect(Object.keys(generatedFiles()).sort()).toEqual(readdirSync(join(__dirname, 'generated')).sort());
    expect(outdatedFiles()).toEqual([]);
  });

  test('import nothing but each other, and touch neither clock, chance, network nor process', () => {
    expect(sources.length).toBeGreaterThan(15);
    for (const name of sources) {
      const source = readFileSync(join(__dirname, name), 'utf8');
      const imported = [...source.matchAll(/from '([^']+)'/g)].map(([, path]) => path ?? '');
      expect(imported.filter((path) => !/^\.\/(generated\/)?[\w-]+$/.test(path))).toEqual([]);
      const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*/g, '');
      expect([
        name,
        /Date\.now|new Date\(\)|Math\.random|\bprocess\b|\bBuffer\b|\bfetch\b|require\(/.exec(code),
      ]).toEqual([name, null]);
    }
  });

  test('fit into a form control: the whole validation, and a check of a country without the names', () => {
    expect(
      bundledSize(`import { isCountryCode } from './country-codes'; console.log(isCountryCode('SE'));`),
    ).toBeLessThan(1_500);
    const validation = `import { validateForShare } from './validate'; import { formatFindings } from './finding';
      console.log(formatFindings(validateForShare({}, { kind: 'coSell' }), {}));`;
    expect(bundledSize(validation)).toBeLessThan(11_500);
  });
});

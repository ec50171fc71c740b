/** Modules that are compiled once per process must still run anew, on the globals of each test file. */
import { createContext, type Context } from 'node:vm';

type Compiled = (module: { exports: unknown }) => void;
interface Once {
  compileFunction(code: string, parameters: string[], options: object): Compiled;
  keepCompiled(): void;
}
// eslint-disable-next-line @typescript-eslint/no-require-imports
const once = require('./compiled-once.cjs') as Once;

function run(code: string, globals: Record<string, unknown>, filename = '/some/module.js'): unknown {
  const parsingContext: Context = createContext(globals);
  const module = { exports: undefined as unknown };
  once.compileFunction(code, ['module'], { filename, parsingContext })(module);
  once.keepCompiled();
  return module.exports;
}

test('each file has the module on its own globals, with nothing left of an earlier run', () => {
  const code = 'let asked = 0; module.exports = () => `${name} ${++asked}`; // the end';
  const first = run(code, { name: 'first' }) as () => string;
  expect([first(), first()]).toEqual(['first 1', 'first 2']);
  const second = run(code, { name: 'second' }) as () => string;
  expect([second(), first()]).toEqual(['second 1', 'first 3']);
});

test('a source that changed is compiled anew', () => {
  expect(run('module.exports = 1', {})).toBe(1);
  expect(run('module.exports = 2', {})).toBe(2);
  expect(run('module.exports = 1', {})).toBe(1);
});

test('an error names its place, also in the first line and in what was kept', () => {
  const code = 'module.exports = () => { throw new Error("here"); };';
  const places = [1, 2].map(() => {
    const fail = run(code, { Error }, '/some/failing.js') as () => void;
    try {
      return fail();
    } catch (error) {
      return /failing\.js:\d+:\d+/.exec((error as Error).stack ?? '')?.[0];
    }
  });
  const place = `failing.js:1:${code.indexOf('new Error') + 1}`;
  expect(places).toEqual([place, place]);
});

test('a source that is wrong is refused as ever', () => {
  expect(() => run('let a; let a;', {}, '/some/wrong.js')).toThrow(/already been declared/);
});

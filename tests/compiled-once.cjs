/**
 * Each module is compiled once per process of jest, not once per test file.
 *
 * Jest gives every test file globals of its own and compiles all that the file imports anew, five hundred modules for
 * a scenario: half of what it takes to load one. V8 can keep what it made of a source (Node.js documentation, `vm`:
 * `script.createCachedData()`), functions that were compiled when they were first called included, and checks that the
 * source is the same. Only machine code for a text is kept: each file still runs its modules itself, on its own globals.
 */
const vm = require('node:vm');

/** By file name: the last source that it had, the script until the data is made, then the data. */
const kept = new Map();

/** What `vm.compileFunction` does, as far as jest uses it; only whole scripts know what was compiled later on. */
function compileFunction(code, parameters, { parsingContext, ...options }) {
  const head = `(function (${parameters.join(', ')}) {`;
  const former = kept.get(options.filename);
  const known = former?.code === code ? former : undefined;
  const script = new vm.Script(`${head}${code}\n})`, {
    ...options,
    // Places in the first line stay what they are in the file.
    columnOffset: -head.length,
    ...(known?.data ? { cachedData: known.data } : {}),
  });
  const again = !/\.test\.tsx?$/.test(options.filename);
  if (again && (!known || script.cachedDataRejected)) kept.set(options.filename, { code, script });
  return script.runInContext(parsingContext);
}

/** From now on jest's modules are compiled this way. */
function compileOnce() {
  vm.compileFunction = compileFunction;
}

/** At the end of a test file: now it is known which functions are needed. */
function keepCompiled() {
  for (const [name, { code, script }] of kept) if (script) kept.set(name, { code, data: script.createCachedData() });
}

module.exports = { compileOnce, compileFunction, keepCompiled };

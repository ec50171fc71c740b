/**
 * Jest's environment for Node, on a global object of V8's own.
 *
 * Jest watches each read and write of a global through a Proxy, which makes `Object`, `Math` or `Date` 200 times as slow
 * as in production: a tenth to a quarter of what a scenario takes. Node.js documentation, `vm.constants.DONT_CONTEXTIFY`
 * (20.18, 22.8); an older Node.js runs the tests as Jest does. What a file leaves behind ends with its context either way.
 */
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');
const { compileOnce, keepCompiled } = require('./compiled-once.cjs');

compileOnce();

/**
 * Texts that cost a second to make and never change, by what they are made from: see emulators/kit/kept-texts.ts.
 * Texts only, so that no file can change anything for another one.
 */
const keptTexts = new Map();

const plain = vm.constants?.DONT_CONTEXTIFY;

class PlainEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    // Jest offers no other way to say which kind of context it shall make.
    if (plain !== undefined) vm.createContext = () => createContext(plain);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
    // Jest copies the getter, which makes the whole list anew when it is asked, and axios asks before each request.
    const value = process.allowedNodeEnvironmentFlags;
    Object.defineProperty(this.global.process, 'allowedNodeEnvironmentFlags', { value, configurable: true });
    // Who watches changes what makes them.
    const { watch, watchAll } = config.globalConfig;
    this.global[Symbol.for('cosell.kept-texts')] = watch || watchAll ? new Map() : keptTexts;
  }

  async teardown() {
    keepCompiled();
    await super.teardown();
  }
}

module.exports = PlainEnvironment;

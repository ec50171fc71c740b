/**
 * Jest reporter: fails the run when a test printed a token, a private key or a header that carries one.
 *
 * What workers, commands and rows say is searched by tests/leaks.ts for the very secrets of their world; this looks at
 * what is left: the console of the test process itself, where only the shapes of secrets can be known. Repeats nothing.
 */
const shapes = [
  ['a token', /\beyJ[\w-]{10,}\.[\w-]{10,}/],
  ['a bearer', /\bbearer\s+(?!<)[\w.~+/=-]{16,}/i],
  ['a refresh token or code of the Entra emulator', /\b(?:0\.AX|1\.AC|DAQ)[\w-]{60,}/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  [
    'a secret by its name',
    /(?:client_secret|refresh_token|access_token|id_token|client_assertion)["']?\s*[=:]\s*["']?(?![<"'\s])[^\s"'<,}]{8,}/i,
  ],
];

/** Kinds of secrets in a text. */
function kindsIn(text) {
  return shapes.filter(([, shape]) => shape.test(text)).map(([kind]) => kind);
}

class LeakReporter {
  constructor(globalConfig) {
    this.root = globalConfig?.rootDir ?? '';
    this.found = [];
  }

  onTestResult(test, result) {
    const printed = (result.console ?? []).map((entry) => String(entry.message)).join('\n');
    for (const kind of kindsIn(printed)) this.found.push(`${test.path.replace(`${this.root}/`, '')} printed ${kind}`);
  }

  onRunComplete() {
    if (this.found.length > 0) process.stderr.write(`\nWritten down that must not be:\n  ${this.found.join('\n  ')}\n`);
  }

  getLastError() {
    return this.found.length > 0 ? new Error(this.found.join('\n')) : undefined;
  }
}

module.exports = LeakReporter;
module.exports.kindsIn = kindsIn;

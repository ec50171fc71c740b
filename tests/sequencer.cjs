/**
 * Jest's order of the test files, but worlds and browsers first where nobody knows yet how long they take.
 *
 * A fresh checkout, as in CI, has no times of an earlier run, and Jest goes by the size of the files: a short test of a
 * thousand deals would begin last, while the other core has nothing left to do.
 */
const { default: Sequencer } = require('@jest/test-sequencer');

const long = [
  /\/tests\/(?:scale|simulation|recovery)\b/,
  /\/tests\/browser\/|\/browser\.test\.ts$|\/pcf-controls\/build\.test/,
  /\/tests\//,
];
const rank = (path) => {
  const at = long.findIndex((each) => each.test(path));
  return at < 0 ? long.length : at;
};

class LongOnesFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    return [...sorted].sort((one, other) => rank(one.path) - rank(other.path));
  }
}

module.exports = LongOnesFirst;

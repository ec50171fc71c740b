/** One configuration for the whole repository. Unit tests stand beside what they test, scenarios in tests/. */
const swc = (parser) => ({
  jsc: { target: 'es2022', parser, transform: { react: { runtime: 'classic' } } },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
});

module.exports = {
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/build/', '/out/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/build/', '/out/'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', swc({ syntax: 'typescript' })],
    '^.+\\.tsx$': ['@swc/jest', swc({ syntax: 'typescript', tsx: true })],
  },
  // jest would leave one of two cores idle; a third worker starves the long tests.
  maxWorkers: '100%',
  testEnvironment: '<rootDir>/tests/environment.cjs',
  testSequencer: '<rootDir>/tests/sequencer.cjs',
  reporters: ['default', '<rootDir>/tests/leak-reporter.cjs'],
  testTimeout: 60_000,
  // The rules that every part shares: each of their branches is seen by a test, or `npm test` fails.
  collectCoverageFrom: ['domain/**/*.ts', '!domain/generated/**', '!domain/deal.ts', '!**/*.test.ts'],
  coverageThreshold: { global: { branches: 100, functions: 100, lines: 100, statements: 100 } },
  coverageDirectory: '<rootDir>/build/coverage',
};

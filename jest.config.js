/** One configuration for the whole repository. Unit tests stand beside what they test, scenarios in tests/. */
module.exports = {
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/build/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/solution/build/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
    ],
  },
  testEnvironment: 'node',
  testTimeout: 30_000,
  // The rules that every part shares: each of their branches is seen by a test, or `npm test` fails.
  collectCoverageFrom: ['domain/**/*.ts', '!domain/generated/**', '!domain/deal.ts', '!**/*.test.ts'],
  coverageThreshold: { global: { branches: 100, functions: 100, lines: 100, statements: 100 } },
  coverageDirectory: '<rootDir>/build/coverage',
};

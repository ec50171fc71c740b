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
  coverageDirectory: '<rootDir>/build/coverage',
};

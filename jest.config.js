/** Jest: TypeScript by swc, the browser page bundled once beforehand, warnings fail. */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  globalSetup: '<rootDir>/test/support/global_setup.mjs',
  setupFilesAfterEnv: ['<rootDir>/test/support/fail_on_warnings.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.cache', '<rootDir>/dist', '<rootDir>/out'],
  reporters: ['default', '<rootDir>/test/support/summary_reporter.cjs'],
  testTimeout: 120_000,
  maxWorkers: 2,
};

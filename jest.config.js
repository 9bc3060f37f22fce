/** Jest: TypeScript by swc, the browser page bundled once beforehand, warnings fail. */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  globalSetup: '<rootDir>/test/support/global_setup.mjs',
  setupFilesAfterEnv: ['<rootDir>/test/support/fail_on_warnings.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.cache', '<rootDir>/dist', '<rootDir>/out'],
  reporters: ['default', '<rootDir>/test/support/summary_reporter.cjs'],
  // Thrice what the slowest test takes on a busy machine of two cores: a limit is there to end what hangs, not to judge speed.
  testTimeout: 300_000,
  // A look-up of a global is slow in Jest's sandbox, and pooling in plain loops does nothing else; these are handed to every module.
  sandboxInjectedGlobals: (
    'Array ArrayBuffer Boolean Error Float32Array Infinity Int32Array JSON Map Math Number Object Promise Set String Symbol ' +
    'TypeError Uint16Array Uint32Array Uint8Array WeakMap'
  ).split(' '),
  maxWorkers: 2,
};

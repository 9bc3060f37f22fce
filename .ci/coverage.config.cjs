/**
 * Jest for `npm run coverage`: the tests that run in Node, with the lines that they reach. What runs in a browser only (webgl,
 * webgpu) or in other processes (the entries of single backends) is not measured here, and is not counted.
 */
const { join } = require('node:path');
const config = require('../jest.config.js');

module.exports = {
  ...config,
  rootDir: join(__dirname, '..'),
  testMatch: [
    'ops',
    'layers',
    'conv',
    'kernels',
    'property',
    'golden',
    'conformance',
    'docs',
    'install',
    'convert',
    'compare',
    'cli',
  ].map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
  testPathIgnorePatterns: ['browser', 'webgl', 'webgpu', 'readme', 'devices'],
  collectCoverage: true,
  coverageProvider: 'v8',
  collectCoverageFrom: [
    'src/**/*.ts',
    '!src/**/*.as.ts',
    '!src/kernels/webgl/**',
    '!src/kernels/webgpu/**',
    '!src/backends/**',
  ],
  coverageDirectory: 'out/coverage',
  coverageReporters: ['text', 'html'],
  coverageThreshold: { global: { statements: 95, branches: 90 } },
};

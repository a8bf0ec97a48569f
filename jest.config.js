// Three costs of test, told apart by file name: .spec.ts needs nothing, .int-spec.ts needs a real store
// (started by @hark/testing), .e2e-spec.ts needs the whole hub. Run through ./hark test, which pins Node and its flags.
const shared = {
  rootDir: __dirname,
  testEnvironment: '<rootDir>/tools/jest/environment.cjs',
  runtime: '<rootDir>/tools/jest/runtime.cjs',
  testEnvironmentOptions: { customExportConditions: ['@hark/source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { ...JSON.parse(require('node:fs').readFileSync(`${__dirname}/.swcrc`, 'utf8')), swcrc: false },
    ],
  },
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.hark/'],
  modulePathIgnorePatterns: ['/dist/', '/.nx/', '/.hark/'],
};
const stores = {
  globalSetup: '<rootDir>/libs/testing/src/jest/start-postgres.ts',
  globalTeardown: '<rootDir>/libs/testing/src/jest/stop-postgres.ts',
};

/** @type {import('jest').Config} */
module.exports = {
  testTimeout: 120_000,
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs,tools}/**/*.spec.ts'] },
    { ...shared, ...stores, displayName: 'int', testMatch: ['<rootDir>/{apps,libs}/**/*.int-spec.ts'] },
    { ...shared, ...stores, displayName: 'e2e', testMatch: ['<rootDir>/{apps,libs}/**/*.e2e-spec.ts'] },
  ],
};

import importSort from 'eslint-plugin-simple-import-sort';
import tseslint from 'typescript-eslint';
import hark from './tools/fences/rules.mjs';

// The fences; tools/fences holds a fixture for each that must fail and one beside it that must pass.
// Between projects: nothing imports an app or another project's insides; the kernel imports nothing; contracts know no
// framework; only libs/outbound opens connections to the world. (Which library may use which: tools/fences/tags.spec.ts.)
// Inside an app: the domain is plain and deterministic; slices do not import each other.
//
// Of one rule, the last block that matches a file counts alone, so each block repeats what still holds for its files.
const noApps = { regex: '^@hark/app-', message: 'Nothing imports an app: share through a library.' };
const frontDoor = {
  regex: '^@hark/[\\w-]+/|^\\.{1,2}/(.*/)?(src|dist)(/|$)|^(\\.\\./)+(apps|libs)/',
  message: 'Another project is imported by its name, through its index.',
};
const noTesting = { regex: '^@hark/testing$', message: 'Only tests use @hark/testing.' };
const noSandbox = { regex: '^@hark/sandbox$', message: 'Only tests and apps/sandbox use the stand-ins.' };
const onlyTests = [noTesting, noSandbox];
const noExtension = { regex: '^\\.{1,2}/.*\\.[cm]?[jt]s$', message: 'A file is imported without its extension.' };
const everywhere = [noApps, frontDoor, noExtension];
const noFramework = {
  regex: '^(@nestjs/|@grpc/|@eventstore/|(typeorm|pg|nats|nodemailer|undici|fastify|pino|rxjs)($|/))',
  message: 'Contracts and the gate know no framework.',
};
const oneWayOut = {
  regex: '^(undici|nodemailer|axios|got|ws|node-fetch|(node:)?(https?|http2|net|tls|dgram|dns))($|/)',
  message: 'The only way out to the network is @hark/outbound.',
};
const domainImports = {
  regex: '^(?!@hark/(kernel|contracts|credentials|gate)$|temporal-polyfill$|node:crypto$|\\./)',
  message:
    'The domain is plain TypeScript: @hark/kernel, @hark/contracts, @hark/credentials, @hark/gate, dates by temporal-polyfill and its own files.',
};
const domainCrypto = {
  regex: '^node:crypto$',
  importNamePattern: '^(?!(createHash|createHmac|hash|timingSafeEqual)$)',
  message: 'Of node:crypto the domain uses hashes; ids and secrets come with the command.',
};
const domainKernel = {
  regex: '^@hark/kernel$',
  importNamePattern: '^(uuid7|SystemClock|preciseNowMs)$',
  message: 'The domain is given ids and times.',
};
const kernelImports = { regex: '^(?!\\./|node:crypto$)', message: 'The kernel imports nothing but node:crypto.' };
const sliceImports = {
  regex: '^\\.\\./(?!domain/[\\w.-]+$|[\\w.-]+\\.(store|service|config|read-model)$)',
  message: 'Slices do not import each other; share through domain/ or a library.',
};
const sharedImports = {
  regex: '^\\./(?!domain/)[^/]+/',
  message: 'What slices share imports no slice: lift the shared thing beside it.',
};
const inBrowsers = { regex: '^(node:|@hark/)', message: 'The console knows the hub by its HTTP API alone.' };
const inWeChat = {
  regex: '^(?!\\.{1,2}/|#(openapi|console-(texts|inbox)/))',
  message: 'WeChat loads files of the program by relative paths, and no packages.',
};
/** WeChat's own types know a page's members as `any`, and answer a promise where nobody waits for one. */
const inWeChatsTypes = {
  '@typescript-eslint/no-unsafe-call': 'off',
  '@typescript-eslint/no-unsafe-return': 'off',
  '@typescript-eslint/no-floating-promises': 'off',
};
const imports = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

const networkGlobals = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'].map((name) => ({
  name,
  message: oneWayOut.message,
}));
const ambientGlobals = [
  ...['process', 'performance', 'crypto', 'globalThis', 'global', 'require'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Temporal'],
].map((name) => ({ name, message: 'The domain is given what it needs: no clock, no randomness, no environment.' }));
const impure = {
  'MemberExpression[object.name="Date"][property.name="now"]': 'The domain is given the time.',
  'NewExpression[callee.name="Date"][arguments.length=0]': 'The domain is given the time.',
  'CallExpression[callee.name="Date"]': 'The domain is given the time.',
  'MemberExpression[object.name="Math"][property.name="random"]': 'No randomness in the domain.',
  'MemberExpression[object.name="Math"][property.value="random"]': 'No randomness in the domain.',
  ImportExpression: 'The domain imports at the top, where the fence sees it.',
};

// A test passes on a machine three times slower (docs/adr/0084-tests-pass-on-slow-machines.md).
const readsNow = '[callee.object.callee.name="expect"][callee.object.arguments.0.left.callee.property.name="now"]';
const untilDeadline = 'CallExpression[callee.name="until"] > ObjectExpression > Property[key.name="deadlineMs"]';
const hooks = '^(it|beforeAll|beforeEach|afterAll|afterEach)$';
const slowMachines = Object.entries({
  [`CallExpression[callee.property.name=/^toBeLessThan/]${readsNow}`]:
    'No test asserts how long something took: say what would never come, or what comes first.',
  [`${untilDeadline}[value.value<30000]`]: 'Waiting less than `until` does by itself fails on a slow machine.',
  [`CallExpression[callee.name=/${hooks}/] > Literal.arguments[value<120000]`]:
    'A test may take as long as jest.config.js says, or longer.',
}).map(([selector, message]) => ({ selector, message }));

const sharedRoles = 'store|service|config|read-model|module';
const called = (pattern, message) => ({ 'hark/file-name': ['error', { pattern, message }] });
const projectionForm = Object.entries({
  ClassDeclaration: 'A projection is a constant: export const rows: FoldProjection<Row, Event> = { … }.',
  'TSAsExpression[typeAnnotation.typeName.name=/Event$/]': 'The events are named once: FoldProjection<Row, Event>.',
}).map(([selector, message]) => ({ selector, message }));

// Node's modules, packages, our own, then files: the farther away, the earlier; one block.
const importOrder = { groups: [['^node:', '^@?\\w', '^@hark/', '^\\.\\.', '^\\./']] };

const services = '{auth,intake,moderation,delivery,complaints}';
const tests = ['**/*spec.ts', '**/*.fixture.ts', 'apps/*/src/testing/**'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.hark/**', 'tools/fences/fixtures/**'] },
  {
    files: ['**/*.ts', 'apps/console/src/**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          './tsconfig.json',
          './tools/*/tsconfig.json',
          './apps/{console,miniprogram}/tsconfig.json',
          './apps/console/src/service-worker/tsconfig.json',
          './examples/*/mini-program/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { 'import-sort': importSort, hark },
    rules: {
      'import-sort/imports': ['error', importOrder],
      'import-sort/exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      ...imports(...everywhere),
    },
  },
  {
    files: ['libs/**/*.ts', 'apps/**/*.ts'],
    ignores: [
      ...tests,
      'libs/testing/**',
      'libs/{outbound,embedded-*}/**',
      'libs/listen/src/listen.ts',
      'libs/service/src/health.ts',
      'libs/sandbox/**',
      'apps/{sandbox,cli,console,miniprogram}/**',
    ],
    rules: {
      ...imports(...everywhere, ...onlyTests, oneWayOut),
      'no-restricted-globals': ['error', ...networkGlobals],
    },
  },
  {
    // These open connections by trade; what they test with stays outside all the same.
    files: [
      'libs/{outbound,embedded-*,sandbox}/**/*.ts',
      'libs/listen/src/listen.ts',
      'libs/service/src/health.ts',
      'apps/cli/**/*.ts',
    ],
    ignores: tests,
    rules: imports(...everywhere, ...onlyTests),
  },
  { files: ['apps/sandbox/**/*.ts'], ignores: tests, rules: imports(...everywhere, noTesting) },
  {
    // Runs in browsers: of ours it knows the hub's API alone, and nothing of Node.
    files: ['apps/console/src/**/*.{ts,tsx}'],
    ignores: tests,
    rules: imports(...everywhere, inBrowsers),
  },
  {
    // Runs in WeChat, which has the language, `wx`, and nothing of browsers or of Node.
    files: ['apps/miniprogram/src/**/*.ts'],
    ignores: tests,
    rules: {
      ...inWeChatsTypes,
      ...imports(...everywhere, inWeChat),
      'no-restricted-globals': [
        'error',
        ...['fetch', 'URL', 'URLSearchParams', 'Intl', 'crypto', 'process', 'window', 'document', 'localStorage'].map(
          (name) => ({ name, message: 'WeChat has none.' }),
        ),
      ],
    },
  },
  {
    files: ['examples/*/mini-program/**/*.ts'],
    rules: { ...inWeChatsTypes, ...imports(...everywhere, inWeChat) },
  },
  { files: ['libs/kernel/src/**/*.ts'], ignores: tests, rules: imports(kernelImports, frontDoor, noExtension) },
  {
    files: ['libs/{contracts,gate,credentials}/src/**/*.ts'],
    ignores: tests,
    rules: imports(...everywhere, ...onlyTests, oneWayOut, noFramework),
  },
  {
    files: [`apps/${services}/src/domain/**/*.ts`, 'libs/gate/src/**/*.ts'],
    ignores: tests,
    rules: {
      ...imports(domainImports, domainKernel, domainCrypto, frontDoor, noExtension),
      'no-restricted-globals': ['error', ...networkGlobals, ...ambientGlobals],
      'no-restricted-syntax': [
        'error',
        ...Object.entries(impure).map(([selector, message]) => ({ selector, message })),
      ],
    },
  },
  {
    files: [`apps/${services}/src/!(domain)/**/*.ts`],
    ignores: tests,
    rules: imports(...everywhere, ...onlyTests, oneWayOut, sliceImports),
  },
  {
    // What slices share stands beside them, under a name that says what it is. Nest's wiring and main.ts see everything.
    files: [`apps/${services}/src/*.ts`],
    ignores: [...tests, '**/main.ts'],
    rules: called(`/[a-z-]+\\.(${sharedRoles})\\.ts$`, `What slices share is called *.${sharedRoles}.ts.`),
  },
  {
    files: [`apps/${services}/src/*.ts`],
    ignores: [...tests, '**/main.ts', '**/*.module.ts'],
    rules: imports(...everywhere, ...onlyTests, oneWayOut, sharedImports),
  },
  {
    files: [`apps/${services}/src/migrations/*.ts`],
    rules: called('/\\d+-[a-z0-9-]+\\.migration\\.ts$', 'A migration is called N-what.migration.ts.'),
  },
  {
    files: [`apps/${services}/src/**/*.projection.ts`],
    rules: { 'no-restricted-syntax': ['error', ...projectionForm] },
  },
  {
    files: ['{apps,libs}/*/src/**/*.ts'],
    ignores: [...tests, 'libs/embedded-*/**'],
    rules: { 'hark/one-class': 'error' },
  },
  {
    files: tests,
    ignores: ['libs/testing/src/until.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...slowMachines] },
  },
  {
    files: ['**/*spec.ts', '**/*.fixture.ts', 'libs/testing/**/*.ts'],
    rules: {
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);

import tseslint from 'typescript-eslint';

// Two fences, each with a fixture in tools/fences that must fail (checked by tools/fences/fences.spec.ts).
// Fence 1, between projects: nothing imports an app; the kernel imports nothing; contracts know no framework;
// only libs/outbound opens connections to the world.
// Fence 2, inside an app: the domain is plain and deterministic; slices do not import each other.
const noApps = { regex: '^@hark/app-', message: 'Nothing imports an app: share through a library.' };
const noFramework = {
  regex: '^(@nestjs/|typeorm|pg$|nats$|@eventstore/|@grpc/|nodemailer|undici)',
  message: 'Contracts and the gate know no framework.',
};
const oneWayOut = {
  regex: '^(undici|nodemailer|axios|(node:)?(https?|http2|tls|dgram))($|/)',
  message: 'The only way out to the network is @hark/outbound.',
};
const domainImports = {
  regex: '^(?!@hark/(kernel|contracts|gate)$|node:crypto$|\\./)',
  message: 'The domain is plain TypeScript: @hark/kernel, @hark/contracts, @hark/gate and its own files.',
};
const sliceImports = {
  regex: '^\\.\\./(?!domain/|[\\w-]+\\.(store|config|read-model)$)',
  message: 'Slices do not import each other; share through domain/ or a library.',
};
const imports = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });
const outwardLibs = ['libs/outbound/**', 'libs/embedded/**', 'libs/service/**', 'libs/testing/**'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.hark/**', 'tools/fences/fixtures/**'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      ...imports(noApps),
    },
  },
  {
    files: ['libs/**/*.ts', 'apps/**/*.ts'],
    ignores: [...outwardLibs, 'apps/sandbox/**', 'apps/cli/**', '**/*spec.ts'],
    rules: imports(noApps, oneWayOut),
  },
  {
    files: ['libs/kernel/src/**/*.ts'],
    ignores: ['**/*spec.ts'],
    rules: imports({ regex: '^(?!\\./|node:crypto$)', message: 'The kernel imports nothing but node:crypto.' }),
  },
  {
    files: ['libs/contracts/src/**/*.ts', 'libs/gate/src/**/*.ts'],
    ignores: ['**/*spec.ts'],
    rules: imports(noApps, noFramework, oneWayOut),
  },
  {
    files: ['apps/{auth,intake,moderation,delivery,complaints}/src/domain/**/*.ts', 'libs/gate/src/**/*.ts'],
    ignores: ['**/*spec.ts'],
    rules: {
      ...imports({ ...domainImports, regex: domainImports.regex }),
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'fetch', 'process', 'crypto', 'performance'],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'The domain is given the time.',
        },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'The domain is given the time.' },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: 'No randomness in the domain.',
        },
      ],
    },
  },
  {
    files: ['apps/{auth,intake,moderation,delivery,complaints}/src/!(domain)/**/*.ts'],
    ignores: ['**/*spec.ts'],
    rules: imports(noApps, oneWayOut, sliceImports),
  },
  {
    files: ['**/*spec.ts', 'libs/testing/**/*.ts'],
    rules: {
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);

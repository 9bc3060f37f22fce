/** Lint rules: type-checked TypeScript, imports that go down only and in no circle, no deep imports of tfjs, no chained tensor methods. */
import eslint from '@eslint/js';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noChainedTensorMethods } from './no_chained_tensor_methods.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const DEEP = { group: ['@tensorflow/*/*'], message: 'Import tfjs packages by their name: deep paths change.' };
const BACKENDS = {
  group: ['@tensorflow/tfjs-backend-*', '@tensorflow/tfjs-node', '@tensorflow/tfjs'],
  allowTypeImports: true,
  message: 'A backend reaches a kernel as an argument: import its types only.',
};
/** The tools that users call; each stands on the public operations alone. */
const TOOLS = ['install', 'convert', 'compare', 'keras', 'cli'];
const TOOL_FOLDERS = TOOLS.map((tool) => `**/${tool}/**`);

/** What the files of one layer may not import: everything above them. */
const below = (files, ...above) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          DEEP,
          BACKENDS,
          { group: above, message: 'Imports go down only: tools, layers, ops, dispatch, kernels, geometry, spec.' },
        ],
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ['**/dist/', '**/out/', '**/node_modules/', '**/.cache/', '**/coverage/', '**/*.as.ts'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: join(ROOT, 'tsconfig.json'), tsconfigRootDir: ROOT } },
    plugins: { 'import-x': importX, local: { rules: { 'no-chained-tensor-methods': noChainedTensorMethods } } },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.mjs', '.js', '.json'] })],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-require-imports': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-self-import': 'error',
    },
  },
  {
    // Tests speak to two copies of tfjs and to JSON; what they get wrong there, running them shows.
    files: ['test/**/*.ts', 'examples/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        exports: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        window: 'readonly',
        navigator: 'readonly',
        document: 'readonly',
      },
    },
  },
  {
    files: ['src/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: join(ROOT, 'src/tsconfig.json') } },
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [DEEP, BACKENDS] }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `return f(x);` ends a function early, whether or not f gives anything.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // What users and tfjs hand over is not always of the type that is declared.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A backend of tfjs is recognised by what it has: there may be two copies of its class.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'local/no-chained-tensor-methods': 'error',
    },
  },
  below(
    ['src/{spec,layout,geometry,average,global,adaptive,lp,kinds,unpooled_shape}.ts', 'src/elsewhere/**/*.ts'],
    '@tensorflow/*',
    '**/kernels/**',
    '**/ops/**',
    '**/layers/**',
    '**/conv/**',
    '**/dispatch',
    '**/base',
    ...TOOL_FOLDERS,
  ),
  below(['src/kernels/**/*.ts'], '**/ops/**', '**/layers/**', '**/conv/**', '**/dispatch', '**/base', ...TOOL_FOLDERS),
  below(['src/dispatch.ts'], '**/ops/**', '**/layers/**', '**/conv/**', '**/base', ...TOOL_FOLDERS),
  below(['src/ops/**/*.ts'], '**/layers/**', '**/kernels/**', '**/conv/**', '**/base', ...TOOL_FOLDERS),
  below(['src/layers/**/*.ts'], '**/kernels/**', '**/conv/**', '**/dispatch', '**/base', ...TOOL_FOLDERS),
  below(['src/conv/**/*.ts'], '**/ops/**', '**/layers/**', '**/training/**', '**/base', ...TOOL_FOLDERS),
  below(['src/training/**/*.ts'], '**/ops/**', '**/layers/**', '**/dispatch', '**/base', ...TOOL_FOLDERS),
  below(['src/backends/**/*.ts'], '**/ops/**', '**/layers/**', '**/conv/**', '**/dispatch', '**/base', ...TOOL_FOLDERS),
  // `kernels/register` is public; to import it from base, which exports the tools, would be a circle.
  below(['src/cli/**/*.ts'], '**/kernels/**', '!**/kernels/register', '**/dispatch', '**/backends/**'),
  below(
    TOOLS.filter((tool) => tool !== 'cli').map((tool) => `src/${tool}/**/*.ts`),
    '**/cli/**',
    '**/kernels/**',
    '!**/kernels/register',
    // For the numbers that WebGL's floats cannot hold, `install` looks on the host.
    '!**/kernels/loops',
    '**/dispatch',
    '**/backends/**',
  ),
  {
    // A whole program for a page of its own: it brings its backends.
    files: ['src/cli/compare_page.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [DEEP] }] },
  },
);

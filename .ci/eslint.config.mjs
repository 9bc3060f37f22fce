/** Lint rules: type-checked TypeScript, imports that go down only, no deep imports of tfjs, no chained tensor methods. */
import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const DEEP = { group: ['@tensorflow/*/*'], message: 'Import tfjs packages by their name: deep paths change.' };
const BACKENDS = {
  group: ['@tensorflow/tfjs-backend-*', '@tensorflow/tfjs-node', '@tensorflow/tfjs'],
  allowTypeImports: true,
  message: 'A backend reaches a kernel as an argument: import its types only.',
};

/** What the files of one layer may not import: everything above them. */
const below = (files, ...above) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': ['error', {
      patterns: [DEEP, BACKENDS, { group: above, message: 'Imports go down only: layers, ops, dispatch, kernels, geometry, spec.' }],
    }],
  },
});

export default tseslint.config(
  { ignores: ['**/dist/', '**/out/', '**/node_modules/', '**/.cache/', '**/coverage/', '**/*.as.ts'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: join(ROOT, 'tsconfig.json'), tsconfigRootDir: ROOT } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-require-imports': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
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
    languageOptions: { globals: { process: 'readonly', console: 'readonly', module: 'writable', setTimeout: 'readonly', clearTimeout: 'readonly', URL: 'readonly', Buffer: 'readonly', window: 'readonly', navigator: 'readonly', document: 'readonly' } },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [DEEP, BACKENDS] }],
      'no-restricted-syntax': ['error', {
        selector: 'CallExpression[callee.type="MemberExpression"][callee.property.name=/^(add|sub|mul|div|sum|mean|reshape|transpose|cast|toFloat|toInt|square|matMul|expandDims|squeeze)$/]',
        message: 'Chained tensor methods do not exist under tfjs-core alone: use the free functions.',
      }],
    },
  },
  below(['src/spec.ts', 'src/geometry.ts'], '@tensorflow/*', '**/kernels/*', '**/ops/*', '**/layers/*', '**/dispatch'),
  below(['src/kernels/**/*.ts'], '**/ops/*', '**/layers/*', '**/dispatch'),
  below(['src/dispatch.ts'], '**/ops/*', '**/layers/*'),
  below(['src/convert/**/*.ts', 'src/compare/**/*.ts'], '**/cli/*', '**/kernels/*', '**/dispatch'),
  {
    // A whole program for a page of its own: it brings its backends.
    files: ['src/cli/compare_page.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [DEEP] }] },
  },
  below(['src/ops/**/*.ts'], '**/layers/*', '**/kernels/*'),
);

// @ts-check
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const PURE_ROOMS = [
  'src/shared/**',
  'src/main/exchange/**',
  'src/main/experiments/**',
  'src/main/files/**',
  'src/main/trace/**',
  'src/main/kernel/**',
  'src/main/wire/**',
  'src/terminal/**',
  'src/renderer/scene/**',
];

/** The walls of the house: who may not import from where. */
const WALLS = [
  { target: './src/shared', from: ['./src/main', './src/renderer', './src/preload', './src/terminal'] },
  {
    target: './src/renderer',
    from: ['./src/main', './src/preload', './src/terminal'],
    message: 'The renderer reaches main only through src/shared/ipc.ts.',
  },
  { target: './src/main', from: ['./src/renderer', './src/preload', './src/terminal'] },
  { target: './src/terminal', from: ['./src/renderer', './src/preload'] },
  { target: './src/preload', from: ['./src/renderer', './src/main', './src/terminal'] },
  {
    target: './src/renderer/scene',
    from: ['./src/renderer/store', './src/renderer/views', './src/renderer/ui'],
  },
  { target: './src/renderer/store', from: ['./src/renderer/views', './src/renderer/ui'] },
  { target: './src/renderer/ui', from: ['./src/renderer/views'] },
  {
    target: './src/main/exchange',
    from: ['./src/main/experiments', './src/main/trace', './src/main/files'],
    message: 'exchange/ takes streams of lines and knows no files; experiments/ joins them.',
  },
  { target: './src/main/files', from: ['./src/main/experiments', './src/main/trace'] },
  { target: './src/main/trace', from: ['./src/main/experiments'] },
  {
    target: './src',
    from: ['./src/main/index.ts', './src/preload/index.ts', './src/terminal/index.ts'],
    message: 'Nothing imports an entry.',
  },
];

export default defineConfig(
  { ignores: ['out/**', 'dist/**', 'e2e/output/**', 'bench/output/**', 'node_modules/**'] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: [
          './tsconfig.json',
          './src/renderer/tsconfig.json',
          './src/preload/tsconfig.json',
          './e2e/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'tsconfig.json' })] },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: WALLS }],
      'import-x/no-cycle': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: PURE_ROOMS,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [
                'electron',
                'electron/*',
                'electron-log',
                'electron-log/*',
                'react',
                'react-dom',
                'react/*',
                'react-dom/*',
              ],
              message: 'This room knows no window.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/shared/**'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^[^.]', message: 'shared/ imports nothing.' }] },
      ],
    },
  },
  {
    files: ['src/renderer/**'],
    ignores: ['src/renderer/scene/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(electron|node:)', message: 'The renderer has no Node and no electron.' }] },
      ],
    },
  },
  {
    files: ['src/preload/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(?!electron$)', allowTypeImports: true, message: 'The preload imports types alone.' },
          ],
        },
      ],
    },
  },
  { files: ['src/renderer/**/*.{ts,tsx}'], ...reactHooks.configs.flat['recommended-latest'] },
  { files: ['**/*.js', '**/*.mjs'], rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' } },
);

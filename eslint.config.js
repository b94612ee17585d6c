// @ts-check
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Rooms that know no window: neither Electron nor React. */
const WINDOWLESS = [
  'src/shared/**',
  'src/engine/**',
  'src/cli/**',
  'src/renderer/scene/**',
  'src/renderer/experiments/**/*.ts',
];

/** The rooms of the engine, in order: each uses only rooms before it. */
const ENGINE_ROOMS = [
  'system',
  'net',
  'evidence',
  'files',
  'programs',
  'recording',
  'experiments',
  'check',
  'runs',
];

/** @param {string} room */
const engineRoom = (room) => `./src/engine/${room}`;

const ROOM_ORDER = ENGINE_ROOMS.slice(0, -1).map((room, index) => ({
  target: engineRoom(room),
  from: ENGINE_ROOMS.slice(index + 1).map(engineRoom),
  message: `In engine/ a room uses only rooms before it: ${ENGINE_ROOMS.join(' < ')}.`,
}));

/** The walls between the layers: who may not import from where. */
const LAYERS = [
  // shared <- engine <- {main, cli}; shared <- renderer
  {
    target: './src/shared',
    from: ['./src/engine', './src/main', './src/cli', './src/renderer', './src/preload'],
  },
  { target: './src/engine', from: ['./src/main', './src/cli', './src/renderer', './src/preload'] },
  { target: './src/main', from: ['./src/cli', './src/renderer', './src/preload'] },
  { target: './src/cli', from: ['./src/main', './src/renderer', './src/preload'] },
  { target: './src/preload', from: ['./src/engine', './src/main', './src/cli', './src/renderer'] },
  {
    target: './src/renderer',
    from: ['./src/engine', './src/main', './src/preload', './src/cli'],
    message: 'The renderer reaches main only through src/shared/ipc.ts.',
  },
  {
    target: './src',
    from: ['./src/main/index.ts', './src/preload/index.ts', './src/cli/index.ts'],
    message: 'Nothing imports an entry.',
  },
];

/** The order of rooms inside a layer. A test may join rooms. */
const ROOMS = [
  ...ROOM_ORDER,
  // The components of renderer/experiments are views; the rest of it is pure.
  {
    target: './src/renderer/scene',
    from: ['./src/renderer/store', './src/renderer/experiments', './src/renderer/views', './src/renderer/ui'],
  },
  {
    target: './src/renderer/experiments/**/*.ts',
    from: ['./src/renderer/store', './src/renderer/views', './src/renderer/ui'],
  },
  {
    target: './src/renderer/store',
    from: ['./src/renderer/views/**', './src/renderer/ui/**', './src/renderer/experiments/**/*.tsx'],
  },
  { target: './src/renderer/ui', from: ['./src/renderer/views', './src/renderer/experiments'] },
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
          './bench/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: 'tsconfig.json' })] },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: [...LAYERS, ...ROOMS] }],
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
    files: WINDOWLESS,
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
    ignores: WINDOWLESS,
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
  { files: ['**/*.test.ts'], rules: { 'import-x/no-restricted-paths': ['error', { zones: LAYERS }] } },
  { files: ['**/*.js', '**/*.mjs'], rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' } },
);

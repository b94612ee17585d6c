import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { replayPage } from './scripts/replay-page.mjs';

// The lower end of the two Electrons this runs on (see README, "The Electron runtime"): 33 is Chromium 130 and Node 20.
const OLDEST_CHROMIUM = 'chrome130';
const OLDEST_NODE = 'node20';

export default defineConfig({
  main: {
    plugins: [replayPage(import.meta.dirname, OLDEST_CHROMIUM)],
    build: {
      target: OLDEST_NODE,
      // Everything but electron is bundled: the app starts faster, and a package needs no node_modules.
      externalizeDeps: false,
      rolldownOptions: {
        // The second is the thread in which a run's sockets live, the third is each of the two threads of a race.
        input: [
          'src/main/index.ts',
          'src/engine/runs/run-worker.ts',
          'src/engine/experiments/run/race/racer.ts',
        ],
        // CommonJS is loaded faster than modules, and at once where it is imported (`npm run bench:start`). All in one
        // folder: the threads' programs and the page are looked for from where the code is that wants them.
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: '[name]-[hash].cjs',
          minify: { compress: true, mangle: false, codegen: true },
        },
      },
    },
  },
  preload: {
    build: {
      target: OLDEST_NODE,
      externalizeDeps: false,
      // A sandboxed renderer's preload must be one CommonJS file.
      rolldownOptions: {
        input: 'src/preload/index.ts',
        output: { format: 'cjs', entryFileNames: 'index.cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react()],
    build: {
      target: OLDEST_CHROMIUM,
      rolldownOptions: { input: 'src/renderer/index.html' },
      minify: true,
      // The content policy allows no data: URLs.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  },
});

// @ts-check
// Keeps our tools from caching compiled code in the folder for temporary files. They use a name there that is easy to guess
// and run what they find without checking its owner: on a shared machine another user's code would run as us. Must be
// imported before any such tool. Programs started from here inherit the settings.

import path from 'node:path';

// tsx: tsx-UID/
process.env.TSX_DISABLE_CACHE = '1';
// module.enableCompileCache() of Node 22.1 and newer, which tsc, ESLint, Prettier and Vite call: node-compile-cache/
process.env.NODE_DISABLE_COMPILE_CACHE = '1';
// Playwright needs a cache: playwright-transform-cache-UID/. A folder of the project is not shared.
process.env.PWTEST_CACHE_DIR = path.resolve(import.meta.dirname, '..', 'out', 'playwright-cache');
delete process.env.PLAYWRIGHT_TRANSFORM_CACHE_DIR;

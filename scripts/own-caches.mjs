// @ts-check
// Some of our tools keep compiled code in the folder for temporary files, under a name that anybody can guess, and run
// what they find there without a look at whose it is: on a machine that others use too, they would run as us. Imported
// for its effect, before any such tool: none of them has a cache there, nor has any program that is started by us.

import path from 'node:path';

// tsx: tsx-UID/
process.env.TSX_DISABLE_CACHE = '1';
// module.enableCompileCache() of Node 22.1 and newer, which tsc, ESLint, Prettier and Vite call: node-compile-cache/
process.env.NODE_DISABLE_COMPILE_CACHE = '1';
// Playwright cannot do without one: playwright-transform-cache-UID/. A folder of the project is nobody else's.
process.env.PWTEST_CACHE_DIR = path.resolve(import.meta.dirname, '..', 'out', 'playwright-cache');
delete process.env.PLAYWRIGHT_TRANSFORM_CACHE_DIR;

// @ts-check Starts racer.ts from the sources: a thread of Node 20 does not inherit the TypeScript loader of its
// process. A build does not need this file.

// Set before tsx is loaded: its cache is in the folder for temporary files, and tsx would run what it finds there.
process.env.TSX_DISABLE_CACHE = '1';
const { register } = await import('tsx/esm/api');
register();
await import('./racer.ts');

// @ts-check
// Starts racer.ts where it is run from the sources (in the terminal command and in tests): a thread of Node 20 does
// not inherit what lets its process read TypeScript. racers.ts starts this file there; a build has no use for it.

// Before tsx is loaded: it would keep what it compiled in the folder for temporary files, and run what it finds there.
process.env.TSX_DISABLE_CACHE = '1';
const { register } = await import('tsx/esm/api');
register();
await import('./racer.ts');

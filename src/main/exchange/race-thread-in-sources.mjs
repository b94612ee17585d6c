// @ts-check
// Starts race-thread.ts where it is run from the sources (in the terminal command and in tests): a thread of Node 20 does
// not inherit what lets its process read TypeScript. race-threads.ts starts this file there; a build has no use for it.

import { register } from 'tsx/esm/api';

register();
await import('./race-thread.ts');

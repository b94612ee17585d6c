// @ts-check
// Lets Node run TypeScript: `node --import ./scripts/typescript.mjs FILE`. Like `--import tsx`, but without tsx's cache in
// the folder for temporary files.

import './own-caches.mjs';
// Must come second: tsx reads the setting when it is loaded.
import 'tsx';

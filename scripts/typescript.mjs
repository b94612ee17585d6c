// @ts-check
// Lets Node read TypeScript: `node --import ./scripts/typescript.mjs FILE`. As `--import tsx`, without tsx's cache in the
// folder for temporary files.

import './own-caches.mjs';
// Behind it: tsx decides on its cache when it is loaded.
import 'tsx';

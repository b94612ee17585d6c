// The app's own scheme, app://socketscope/: the window's page and its files come from out/renderer and from nowhere else.

import { readFile } from 'node:fs/promises';

import { protocol } from 'electron';
import log from 'electron-log/main';

import { headersFor, servedFile } from './served-files.ts';

/** Makes app: a scheme like https: (an origin of its own, secure). Must be called before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the files below `root` (the built renderer). Call once, when the app is ready. */
export function serveApp(root: string): void {
  protocol.handle('app', async (request) => {
    const file = servedFile(request, root);
    if (file === undefined) {
      log.warn(`Refused ${request.method} ${request.url}`);
      return new Response('Refused', { status: 403, headers: headersFor('refused.txt') });
    }
    try {
      return new Response(new Uint8Array(await readFile(file)), { headers: headersFor(file) });
    } catch (error) {
      log.warn(`Cannot serve ${file}`, error);
      return new Response('Not found', { status: 404, headers: headersFor('missing.txt') });
    }
  });
}

// The app's own scheme, app://socketscope/. The window's page and its files come from the built renderer and nowhere else.

import { readFileSync } from 'node:fs';

import { protocol, type ProtocolRequest, type ProtocolResponse } from 'electron';

import { log } from '../log/log.ts';
import { headersFor, servedFile } from './served-files.ts';

/** Makes app: a scheme like https: (an origin of its own, secure). Must be called before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the files below `root` (the built renderer). Call once, when the app is ready. */
export function serveApp(root: string): void {
  // protocol.handle() does the same with fetch's Request and Response. Node takes 50 ms to load those while the window
  // waits for its page (`npm run bench:start`).
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  protocol.registerBufferProtocol('app', (request, answer) => {
    answer(answerTo(request, root));
  });
}

/** Synchronous on purpose: the files are small, and during start an async read is delivered late. */
function answerTo(request: ProtocolRequest, root: string): ProtocolResponse {
  const file = servedFile(request, root);
  if (file === undefined) {
    log.warn(`Refused ${request.method} ${request.url}`);
    return { statusCode: 403, headers: headersFor('refused.txt'), data: Buffer.from('Refused') };
  }
  try {
    return { statusCode: 200, headers: headersFor(file), data: readFileSync(file) };
  } catch (error) {
    log.warn(`Cannot serve ${file}`, error);
    return { statusCode: 404, headers: headersFor('missing.txt'), data: Buffer.from('Not found') };
  }
}

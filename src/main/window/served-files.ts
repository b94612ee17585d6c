// Which files may be served to the window under app://socketscope/, and with which headers.

import { createHash } from 'node:crypto';
import { extname, join, relative, sep } from 'node:path';

export const APP_ORIGIN = 'app://socketscope';
export const APP_PAGE = `${APP_ORIGIN}/index.html`;

/** The style elements that the splitters' library adds while one is dragged, whole: nothing else is let through. */
const SPLITTER_STYLES = ['col', 'row', 'e', 'w', 'n', 's'].map((way) => {
  const text = `* { cursor: ${way}-resize !important; }`;
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
});

/** Only the app's own files, no inline code, no strings parsed as markup. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' ${SPLITTER_STYLES.join(' ')}`,
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * The file that a request asks for. Undefined where the request is refused: another host, another method, or a path that
 * leaves `root` or has a NUL, a backslash or a damaged escape.
 */
export function servedFile(request: { url: string; method: string }, root: string): string | undefined {
  if (request.method !== 'GET') return undefined;
  let path: string;
  try {
    const url = new URL(request.url);
    if (url.protocol !== 'app:' || url.host !== 'socketscope') return undefined;
    path = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  if (path.includes('\0') || path.includes('\\')) return undefined;
  const file = join(root, path === '/' ? 'index.html' : path);
  const below = relative(root, file);
  if (below === '' || below === '..' || below.startsWith(`..${sep}`) || below.includes(':')) return undefined;
  return file;
}

/** The headers of a served file. An unknown type is sent as bytes and never guessed. */
export function headersFor(file: string): Record<string, string> {
  return {
    'content-type': MEDIA_TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream',
    'content-security-policy': CONTENT_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
}

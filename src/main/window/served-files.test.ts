import { describe, expect, it } from 'vitest';

import { headersFor, servedFile } from './served-files.ts';

const ROOT = '/opt/app/out/renderer';

function get(url: string): string | undefined {
  return servedFile({ url, method: 'GET' }, ROOT);
}

describe('what is served to the window', () => {
  it('serves the page and what lies below it', () => {
    expect(get('app://socketscope/')).toBe(`${ROOT}/index.html`);
    expect(get('app://socketscope/index.html')).toBe(`${ROOT}/index.html`);
    expect(get('app://socketscope/assets/a%20b.js?v=1#x')).toBe(`${ROOT}/assets/a b.js`);
  });

  it.each([
    'app://socketscope/..%2f..%2fmain/index.cjs',
    'app://socketscope/%2e%2e%2fmain%2findex.js',
    'app://socketscope/..%5c..%5cmain/index.cjs',
    'app://socketscope/assets%00.js',
    'app://socketscope/%E0%A4%A',
    'app://socketscope/c:/windows/win.ini',
    'app://elsewhere/index.html',
    'https://socketscope/index.html',
    'file:///etc/passwd',
    'nonsense',
  ])('refuses %s', (url) => {
    expect(get(url)).toBeUndefined();
  });

  it('never leaves its folder, however the dots are written', () => {
    for (const url of [
      'app://socketscope/../../../etc/passwd',
      'app://socketscope/%2e%2e/%2e%2e/etc/passwd',
    ]) {
      expect(get(url)).toBe(`${ROOT}/etc/passwd`);
    }
  });

  it('refuses every method but GET', () => {
    expect(servedFile({ url: 'app://socketscope/index.html', method: 'POST' }, ROOT)).toBeUndefined();
  });

  it('names the type of what it serves, and never lets it be guessed', () => {
    expect(headersFor('/x/index.html')['content-type']).toBe('text/html; charset=utf-8');
    expect(headersFor('/x/a.JS')['content-type']).toBe('text/javascript; charset=utf-8');
    expect(headersFor('/x/inter.woff2')['content-type']).toBe('font/woff2');
    expect(headersFor('/x/what.ever')['content-type']).toBe('application/octet-stream');
    expect(headersFor('/x/what.ever')['x-content-type-options']).toBe('nosniff');
    expect(headersFor('/x/index.html')['content-security-policy']).toContain("default-src 'none'");
  });
});

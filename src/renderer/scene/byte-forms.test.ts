import { expect, it } from 'vitest';
import { bytesAsHex, bytesAsPython, bytesAsText } from './byte-forms.ts';

const data = (...bytes: readonly number[]) => ({ bytes: Uint8Array.from(bytes) });
const ofText = (text: string) => ({ bytes: new TextEncoder().encode(text) });

it('copies text as it was sent, and bytes that are no text as bytes', () => {
  expect(bytesAsText(ofText('naïve\n'))).toBe('naïve\n');
  expect(bytesAsText(data(0x41, 0xff, 0x0a))).toBe('A\\xff\n');
  expect(bytesAsHex(data(0x48, 0x0a, 0xff))).toBe('48 0a ff');
});

/** As Python 3 printed the repr of these bytes. */
const REPRS: readonly (readonly [string, string])[] = [
  ["it's", `b"it's"`],
  [`"it's"`, String.raw`b'"it\'s"'`],
  ['"', `b'"'`],
  ['a\\b\r\n\t', String.raw`b'a\\b\r\n\t'`],
  ['é', String.raw`b'\xc3\xa9'`],
  ['\u0000\u001b\u007f', String.raw`b'\x00\x1b\x7f'`],
  ['', `b''`],
];

it.each(REPRS)('writes %j as Python itself does', (text, literal) => {
  expect(bytesAsPython(ofText(text))).toBe(literal);
});

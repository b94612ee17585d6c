// The bytes of a fact as the texts that are copied: the text itself, hex, and a literal that Python reads.

import { textOf } from '../../shared/trace/recorded-bytes.ts';
import type { RecordedBytes } from '../../shared/trace/fact.ts';

/** The text as it was sent, its newline included; of bytes that are no UTF-8 the ASCII as text and the others as `\xNN`. */
export function bytesAsText(data: RecordedBytes): string {
  return (
    textOf(data) ??
    Array.from(data.bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${hex(byte)}`)).join('')
  );
}

/** "48 45 4c 4c 4f 0a". */
export function bytesAsHex({ bytes }: RecordedBytes): string {
  return Array.from(bytes, hex).join(' ');
}

const PYTHON_ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0d, '\\r'],
  [0x5c, '\\\\'],
]);

/** As Python's own `repr` writes bytes: `b'HELLO\n'`. */
export function bytesAsPython({ bytes }: RecordedBytes): string {
  // Python takes double quotes where single ones would have to be escaped, and only there.
  const quote = bytes.includes(0x27) && !bytes.includes(0x22) ? '"' : "'";
  const body = Array.from(bytes, (byte) => {
    const escaped = PYTHON_ESCAPES.get(byte);
    if (escaped !== undefined) return escaped;
    if (byte < 0x20 || byte >= 0x7f) return `\\x${hex(byte)}`;
    const character = String.fromCharCode(byte);
    return character === quote ? `\\${character}` : character;
  }).join('');
  return `b${quote}${body}${quote}`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

// Recorded bytes as text, and in base 64 for JSON. src/shared has neither Node's Buffer nor the browser's atob.

import type { RecordedBytes } from './fact.ts';

interface Utf8Decoder {
  decode(bytes: Uint8Array): string;
}

/** The same in Node and in a browser. */
declare const TextDecoder: new (
  label: string,
  options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean },
) => Utf8Decoder;
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const LATIN1 = new TextDecoder('latin1');
const ENCODER = new TextEncoder();

/** The text as recorded bytes. */
export function bytesOfText(text: string): RecordedBytes {
  return { bytes: ENCODER.encode(text) };
}

/** The bytes as text (a BOM is kept); undefined where they are not valid UTF-8. */
export function utf8TextOf(bytes: Uint8Array): string | undefined {
  try {
    return STRICT.decode(bytes);
  } catch {
    return undefined;
  }
}

/** As `utf8TextOf`. In a copy that was cut, the last character may be incomplete: it is left out. */
export function textOf({ bytes, leftOutBytes }: RecordedBytes): string | undefined {
  return utf8TextOf(leftOutBytes === undefined ? bytes : bytes.subarray(0, wholeCharacters(bytes)));
}

/** How many of the bytes are before an incomplete last character. */
function wholeCharacters(bytes: Uint8Array): number {
  // A character has at most four bytes; 10xxxxxx continues one.
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** At most `max` of the bytes: the beginning, and how many more there are. */
export function beginningOf(data: RecordedBytes, max: number): RecordedBytes {
  const { bytes, leftOutBytes = 0 } = data;
  if (bytes.length <= max) return data;
  return { bytes: bytes.subarray(0, max), leftOutBytes: leftOutBytes + bytes.length - max };
}

const ALPHABET = ENCODER.encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const PADDING = 0x3d;

/** Base 64 (RFC 4648 section 4), with padding. */
export function base64Of(bytes: Uint8Array): string {
  const text = new Uint8Array(4 * Math.ceil(bytes.length / 3)).fill(PADDING);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const left = bytes.length - from;
    const three = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    for (let place = 0; place <= Math.min(left, 3); place += 1) {
      text[to + place] = ALPHABET[(three >> (18 - 6 * place)) & 0x3f] ?? PADDING;
    }
  }
  return LATIN1.decode(text);
}

/** The value of each character of the alphabet; 255 for every other one. */
const SIX_BITS = new Uint8Array(128).fill(255);
for (const [value, code] of ALPHABET.entries()) SIX_BITS[code] = value;

/** The bytes of a text in base 64; undefined where it is none. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let held = 0;
  let bits = 0;
  let filled = 0;
  for (let at = 0; at < text.length - padding; at += 1) {
    const code = text.charCodeAt(at);
    const value = code < 128 ? (SIX_BITS[code] ?? 255) : 255;
    if (value === 255) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[filled] = (bits >> held) & 0xff;
      filled += 1;
    }
  }
  return bytes;
}

// Converts bytes to the form in which facts carry them.

import { isAscii, isUtf8 } from 'node:buffer';

import type { RecordedBytes } from '../../shared/trace/fact.ts';

/** Bytes as text where they are valid UTF-8 (a BOM is kept), else in base 64. */
export function recordedBytes(bytes: Buffer): RecordedBytes {
  if (isAscii(bytes)) return { text: bytes.toString('latin1') };
  return isUtf8(bytes) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') };
}

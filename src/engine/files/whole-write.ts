// Writes bytes to a file completely or returns the error. On a full disk the system writes a part and returns its
// length: treating that as success loses data.

import type { FileHandle } from 'node:fs/promises';

/** The bytes that were written, and the error that stopped the write, if any. */
export interface WriteOutcome {
  readonly bytes: number;
  readonly error: unknown;
}

/** Writes all of `bytes` at `position`. Never rejects: `error` is undefined where all was written. */
export async function writeWhole(
  handle: FileHandle,
  bytes: Uint8Array,
  position: number,
): Promise<WriteOutcome> {
  let written = 0;
  try {
    while (written < bytes.length) {
      const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
      if (bytesWritten === 0) {
        const error = Object.assign(new Error('no space left on device, write'), { code: 'ENOSPC' });
        return { bytes: written, error };
      }
      written += bytesWritten;
    }
  } catch (error) {
    return { bytes: written, error };
  }
  return { bytes: written, error: undefined };
}

// Writes bytes to a file completely or says that it could not. On a full disk the system writes a part and reports the
// part's length: taking that for success loses data. The result, the saved copies and the trace all go through here.

import type { FileHandle } from 'node:fs/promises';

/** What was written before it stopped, and the error that stopped it, where one did. */
export interface WriteOutcome {
  readonly bytes: number;
  readonly error: unknown;
}

/** Writes all of `bytes` at `position`. Never rejects: `error` is undefined where all was written. */
export async function writeWhole(handle: FileHandle, bytes: Buffer, position: number): Promise<WriteOutcome> {
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

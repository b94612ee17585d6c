// Reads a short file whole, for a view that shows every byte of it.

import type { Result } from '../../shared/result.ts';
import { failed, succeeded } from '../../shared/result.ts';
import { openInput } from './input-file.ts';

const LF = Buffer.from('\n');

/** The bytes of a regular file of 1 to `limitBytes` bytes; fails as `openInput` and its reader do. */
export async function readShortFile(path: string, limitBytes: number): Promise<Result<Buffer>> {
  const opened = await openInput(path);
  if (!opened.ok) return opened;
  const input = opened.value;
  try {
    if (input.bytes === 0) {
      return failed(
        'bad-option',
        `${path} is empty, so that there is nothing to send. Choose a file of 1 to ${limitBytes} bytes.`,
        { path, bytes: 0 },
      );
    }
    if (input.bytes > limitBytes) {
      return failed(
        'input-too-large',
        `${path} is ${input.bytes} bytes long; the limit here is ${limitBytes} bytes, so that each of them can be seen. Choose a shorter file.`,
        { path, bytes: input.bytes, limitBytes },
      );
    }
    const parts: Buffer[] = [];
    for await (const { bytes, terminated } of input.lines(limitBytes)) {
      parts.push(bytes);
      if (terminated) parts.push(LF);
    }
    const problem = input.problem();
    return problem === undefined ? succeeded(Buffer.concat(parts)) : { ok: false, problem };
  } finally {
    await input.close();
  }
}

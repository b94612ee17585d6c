// Changes a line to upper case or swaps its case, from bytes to bytes.

import { isAscii, isUtf8 } from 'node:buffer';

import type { CaseTransform } from '../../../shared/letter-case.ts';
import { inOtherCase, octetInOtherCase } from '../../../shared/letter-case.ts';

export interface LineInOtherCase {
  /** May be longer than the line: `ŉ` has two bytes, its upper case three. */
  readonly bytes: Buffer;
  /** By byte where the line is not valid UTF-8: there only ASCII letters are known to be letters. */
  readonly by: 'codepoint' | 'byte';
  readonly validUtf8: boolean;
}

/** Changes the case of a line without its LF; CR and BOM are no letters and stay. The result is a buffer of its own. */
export function changeCase(line: Buffer, transform: CaseTransform): LineInOtherCase {
  const ascii = isAscii(line);
  if (!ascii && isUtf8(line)) {
    const text = inOtherCase(line.toString('utf8'), transform);
    return { bytes: Buffer.from(text, 'utf8'), by: 'codepoint', validUtf8: true };
  }
  const bytes = Buffer.allocUnsafe(line.length);
  for (const [at, octet] of line.entries()) bytes[at] = octetInOtherCase(octet, transform);
  return { bytes, by: ascii ? 'codepoint' : 'byte', validUtf8: ascii };
}

// What the servers' rules ask of a program in any language.

import type { OptionValues } from '../definitions.ts';

/** Whether a line has something that stays where it is when the line is reversed: a BOM in front, or a CR at the end. */
export function keepsItsPlace(line: string): boolean {
  return line.startsWith('\ufeff') || line.endsWith('\r');
}

/** Whether characters of the text may be clusters of several code points. */
export function hasClusters(text: string): boolean {
  return /[^\u0000-\u02ff]/.test(text);
}

/**
 * Whether each write of `boundaries` is to be one read. A character that is split would come whole if both halves were read
 * at once.
 */
export function isInStep({ handOver, readWhen }: Pick<OptionValues, 'handOver' | 'readWhen'>): boolean {
  return readWhen === 'after-each-write' || handOver === 'inside-a-character';
}

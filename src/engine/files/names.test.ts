import { describe, expect, it } from 'vitest';

import { resultNameFor } from '../../shared/file-name.ts';
import { traceNameFor } from './names.ts';

describe('the names that a run offers', () => {
  it.each([
    ['in-proj.txt', 'out-proj.txt', 'in-proj.socketscope'],
    ['in-x', 'out-x', 'in-x.socketscope'],
    ['notes.txt', 'out-notes.txt', 'notes.socketscope'],
    ['.profile', 'out-.profile', '.profile.socketscope'],
    ['a.tar.gz', 'out-a.tar.gz', 'a.tar.socketscope'],
    ['in-', 'out-', 'in-.socketscope'],
  ])('for %s are %s and %s', (input, result, trace) => {
    expect(resultNameFor(input)).toBe(result);
    expect(traceNameFor(input)).toBe(trace);
  });

  it.each([
    ['../../.config/autostart/x', '..-..-.socketscope'],
    ['..', '..socketscope'],
    ['..\\..\\start.bat', '..-..-start.socketscope'],
    ['/etc/passwd', '-etc-passwd.socketscope'],
    ['a\nb\u0000c.txt', 'a-b-c.socketscope'],
  ])('are names and no paths, also where %j comes from an untrusted trace', (input, trace) => {
    expect(traceNameFor(input)).toBe(trace);
  });

  it('are cut between characters where they would be longer than a file system allows', () => {
    const input = `${'é'.repeat(125)}.txt`;
    expect(Buffer.byteLength(input)).toBe(254);
    expect(resultNameFor(input)).toBe(`out-${'é'.repeat(123)}.txt`);
    expect(Buffer.byteLength(traceNameFor(input))).toBeLessThanOrEqual(255);
    expect(traceNameFor(input).endsWith('é.socketscope')).toBe(true);
  });
});

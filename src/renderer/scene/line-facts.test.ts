import { expect, it } from 'vitest';
import { WHOLE_RUN } from './facts-for-tests.ts';
import { lineOfFact, seqsOfLine } from './line-facts.ts';

it('finds the facts of a line on its way, the reads that returned its bytes among them', () => {
  const written = WHOLE_RUN.find((event) => event.kind === 'wrote' && event.line === 1);
  const seqs = seqsOfLine(WHOLE_RUN, 1);
  expect(seqs[0]).toBe(written?.seq);
  const kinds = seqs.map((seq) => WHOLE_RUN.find((event) => event.seq === seq)?.kind);
  expect(kinds).toEqual(['wrote', 'read', 'line-transformed', 'wrote', 'read', 'line-received']);
  for (const event of WHOLE_RUN) {
    expect(lineOfFact(WHOLE_RUN, event) === 1).toBe(seqs.includes(event.seq));
  }
  expect(seqsOfLine(WHOLE_RUN, 99)).toEqual([]);
});

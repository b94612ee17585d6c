// The lines of the programs that are lit, as they read.

import type { Program } from '../../shared/experiments/programs/program.ts';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { litLines } from './lit-lines.ts';
import type { LitLine } from './lit-lines.ts';

/** The lit line of the client and of the server, without its indent. */
export function litTexts(
  facts: readonly TraceEvent[],
  cursor: number,
  programs: readonly Program[],
): readonly [client: string | undefined, server: string | undefined] {
  const { client, server } = litLines(facts, cursor, programs);
  const textOf = (lit: LitLine | undefined): string | undefined =>
    lit === undefined ? undefined : programs[lit.program]?.lines[lit.line]?.text.trim();
  return [textOf(client), textOf(server)];
}

// The facts of one line on its way: written, read, transformed, written back, read and received. A read has no line of its
// own: it belongs to those whose bytes it returned.

import { otherSide } from '../../shared/trace/connection.ts';
import type { Side, TraceEvent } from '../../shared/trace/fact.ts';

/** The bytes of a line, or of its reply, in the stream of the side that wrote them. */
interface Span {
  readonly line: number;
  readonly connection: number;
  readonly writer: Side;
  readonly from: number;
  readonly to: number;
}

function spansOf(facts: readonly TraceEvent[]): readonly Span[] {
  return facts.flatMap((event) =>
    event.kind === 'wrote' && event.line !== undefined
      ? [
          {
            line: event.line,
            connection: event.connection,
            writer: event.side,
            from: event.offset,
            to: event.offset + event.bytes,
          },
        ]
      : [],
  );
}

function isReadOf(event: TraceEvent, { connection, writer, from, to }: Span): boolean {
  return (
    event.kind === 'read' &&
    event.connection === connection &&
    otherSide(event.side) === writer &&
    event.offset < to &&
    event.offset + event.bytes > from
  );
}

/** The line that a fact is of; of a read, the first whose bytes it returned. Undefined where it is of none. */
export function lineOfFact(facts: readonly TraceEvent[], event: TraceEvent): number | undefined {
  if ('line' in event) return event.line;
  return event.kind === 'read' ? spansOf(facts).find((span) => isReadOf(event, span))?.line : undefined;
}

/** The numbers of the facts of a line, in order, as far as they are among `facts`. */
export function seqsOfLine(facts: readonly TraceEvent[], line: number): readonly number[] {
  const spans = spansOf(facts).filter((span) => span.line === line);
  return facts
    .filter(
      (event) => ('line' in event && event.line === line) || spans.some((span) => isReadOf(event, span)),
    )
    .map(({ seq }) => seq);
}

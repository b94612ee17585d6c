// The rows of the lines table by number, in step with the cursor. Lines whose facts are not here are asked for when a person
// scrolls to them.

import { useEffect, useRef } from 'react';
import { guideLine } from '../../scene/guide.ts';
import { lineAt, stateAt } from '../../scene/line-records.ts';
import { tableRange } from '../../scene/table-range.ts';
import { formatCount } from '../../../shared/format.ts';
import { placeOf } from '../../../shared/find/find-answer.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useAllFacts, useCounts, useRecordOf } from '../../store/derived.ts';
import { useGuideStep } from '../../store/guide.ts';
import { markTablePages } from '../../store/find.ts';
import { scrubTo, scrubToLine } from '../../store/player.ts';
import { loadLines } from '../../store/trace-view.ts';
import { ROW_KEYS, rowKeys } from '../../ui/arrow-keys.ts';
import { useFixedRows } from '../../ui/use-fixed-rows.ts';
import { LineRow, ROW_PX } from './line-row.tsx';

export function LinesByNumber({ falling }: { readonly falling: boolean }) {
  const recordOf = useRecordOf();
  const facts = useAllFacts();
  const total = useCounts().linesSent;
  const seq = usePlayer((state) => Math.floor(state.cursor));
  const scroller = useRef<HTMLDivElement>(null);
  const current = lineAt(facts, seq, total);
  const range = tableRange(total, current);
  const { before } = range;
  /** The place of a line among all, from 0 on, and the line at a place: each is the other's opposite. */
  const placeOfLine = (line: number): number => (falling ? total - line : line - 1);
  const lineAtPlace = (place: number): number => (falling ? total - place : place + 1);
  /** The line of a row, and the row of a line. */
  const lineOf = (row: number): number => (falling ? before + range.rows - row : before + row + 1);
  const rowOf = (line: number): number => (falling ? before + range.rows - line : line - before - 1);
  // The table follows the cursor, not the other way round: scrolling it moves nothing else. The guide asks for a row, which
  // is then in sight.
  const asked = useGuideStep() === 'line' ? guideLine(total) : 0;
  const followed = asked > 0 ? asked : Math.max(1, current);
  const rows = useFixedRows(scroller, range.rows, ROW_PX, total > 0 ? rowOf(followed) : -1);
  const { first, end } = rows;
  const [low, high] = [lineOf(first), lineOf(Math.max(first, end - 1))].sort((a, b) => a - b);
  const missing = total > 0 && (recordOf(low ?? 1) === undefined || recordOf(high ?? 1) === undefined);

  useEffect(() => {
    if (!missing) return undefined;
    // A scroll passes many lines: ask for facts when it has come to rest.
    const timer = setTimeout(() => void loadLines(Math.max(1, low ?? 1), Math.min(total, high ?? 1)), 120);
    return () => {
      clearTimeout(timer);
    };
  }, [missing, low, high, total]);

  const pages = new Set<number>();
  for (let row = first; row < end; row += 1) {
    const record = recordOf(lineOf(row));
    if (record !== undefined) pages.add(placeOf(record.sentSeq).page);
  }
  useTablePages([...pages]);

  return (
    <>
      <div
        className="lines-scroll"
        ref={scroller}
        role="rowgroup"
        tabIndex={0}
        aria-label="Lines, scrollable: the arrow keys go from line to line"
        data-own-keys={ROW_KEYS}
        data-text="lines"
        onKeyDown={rowKeys(total, current === 0 ? -1 : placeOfLine(current), (place) => {
          const line = lineAtPlace(place);
          const record = recordOf(line);
          if (record === undefined) void scrubToLine(line);
          else void scrubTo(record.receivedSeq ?? record.sentSeq);
        })}
      >
        <div className="lines-sizer" role="presentation" style={{ height: rows.sizerPx }}>
          {Array.from({ length: end - first }, (_, index) => {
            const row = first + index;
            const line = lineOf(row);
            const record = recordOf(line);
            return (
              <LineRow
                key={line}
                line={line}
                row={placeOfLine(line)}
                record={record}
                state={record === undefined ? undefined : stateAt(record, seq)}
                now={line === current}
                top={rows.topOf(row)}
                onChoose={scrubTo}
              />
            );
          })}
        </div>
      </div>
      {range.rows < total ? (
        <div className="lines-part" role="caption">
          Lines {formatCount(before + 1)} to {formatCount(before + range.rows)} of {formatCount(total)}: the
          time bar leads to the others.
        </div>
      ) : null}
    </>
  );
}

/** Has the hits of a search on these pages brought. */
export function useTablePages(pages: readonly number[]): void {
  const key = pages.join(' ');
  useEffect(() => {
    markTablePages(key === '' ? [] : key.split(' ').map(Number));
  }, [key]);
}

// Every line of the file: as sent, as it came back, where it is now. Virtualised: a file of millions of lines scrolls as a
// small one. Lines whose facts are not here are asked for when a person scrolls to them.

import { useEffect, useRef } from 'react';
import { lineAt, stateAt } from '../../scene/line-records.ts';
import { tableRange } from '../../scene/table-range.ts';
import { columnName } from '../../../shared/experiments/transform-words.ts';
import { formatCount } from '../../../shared/format.ts';
import { useTransform } from '../../store/choices.ts';
import { useAllFacts, useCounts, useRecordOf } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { scrubTo, scrubToLine } from '../../store/player.ts';
import { loadLines } from '../../store/trace-view.ts';
import { ROW_KEYS, rowKeys } from '../../ui/arrow-keys.ts';
import { useFixedRows } from '../../ui/use-fixed-rows.ts';
import { LineRow } from './line-row.tsx';

const ROW_PX = 30;

export function LinesTable() {
  const recordOf = useRecordOf();
  const facts = useAllFacts();
  const total = useCounts().linesSent;
  const transform = useTransform();
  const seq = usePlayer((state) => Math.floor(state.cursor));
  const scroller = useRef<HTMLDivElement>(null);
  const current = lineAt(facts, seq, total);
  const { before, rows } = tableRange(total, current);
  // The table follows the cursor, not the other way round: scrolling it moves nothing else.
  const { first, end } = useFixedRows(scroller, rows, ROW_PX, current > 0 ? current - 1 - before : -1);
  const firstShown = before + first + 1;
  const lastShown = before + Math.max(first + 1, end);
  const missing = total > 0 && (recordOf(firstShown) === undefined || recordOf(lastShown) === undefined);

  useEffect(() => {
    if (!missing) return undefined;
    // A scroll passes many lines: ask for facts when it has come to rest.
    const timer = setTimeout(() => void loadLines(Math.max(1, firstShown), Math.min(total, lastShown)), 120);
    return () => {
      clearTimeout(timer);
    };
  }, [missing, firstShown, lastShown, total]);

  return (
    <div
      className="lines-table mono"
      ref={(element) => element?.style.setProperty('--number-width', `${formatCount(total).length + 2}ch`)}
      role="table"
      aria-label="Lines"
      aria-rowcount={total + 1}
    >
      <div role="rowgroup">
        <div className="lines-row head" role="row" aria-rowindex={1}>
          <span role="columnheader">#</span>
          <span role="columnheader">sent by the client</span>
          <span role="columnheader">{columnName(transform)}</span>
          <span role="columnheader" title="reads at the server → reads at the client">
            reads
          </span>
          <span role="columnheader">round trip</span>
        </div>
      </div>
      <div
        className="lines-scroll"
        data-text="lines"
        ref={scroller}
        role="rowgroup"
        tabIndex={0}
        aria-label="Lines, scrollable: the arrow keys go from line to line"
        data-own-keys={ROW_KEYS}
        onKeyDown={rowKeys(total, current - 1, (index) => {
          const record = recordOf(index + 1);
          if (record === undefined) void scrubToLine(index + 1);
          else void scrubTo(record.receivedSeq ?? record.sentSeq);
        })}
      >
        <div className="lines-sizer" role="presentation" style={{ height: rows * ROW_PX }}>
          {Array.from({ length: end - first }, (_, index) => {
            const line = firstShown + index;
            const record = recordOf(line);
            return (
              <LineRow
                key={line}
                line={line}
                record={record}
                state={record === undefined ? undefined : stateAt(record, seq)}
                now={line === current}
                top={(first + index) * ROW_PX}
                onChoose={scrubTo}
              />
            );
          })}
        </div>
      </div>
      {rows < total ? (
        <div className="lines-part" role="caption">
          Lines {formatCount(before + 1)} to {formatCount(before + rows)} of {formatCount(total)}: the time
          bar leads to the others.
        </div>
      ) : null}
    </div>
  );
}

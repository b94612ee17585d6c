// Every line of the file: as sent, as it came back, where it is now. Virtualised: a file of millions of lines scrolls as a
// small one. Lines whose facts are not here are asked for when a person scrolls to them.

import { useVirtualizer } from '@tanstack/react-virtual';
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
import { plotKeys } from '../../ui/arrow-keys.ts';
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
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler is not used; rows are few and cheap
  const virtual = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const firstShown = before + (items[0]?.index ?? 0) + 1;
  const lastShown = before + (items.at(-1)?.index ?? 0) + 1;
  const missing = total > 0 && (recordOf(firstShown) === undefined || recordOf(lastShown) === undefined);

  // The table follows the cursor, not the other way round: scrolling it moves nothing else.
  useEffect(() => {
    if (current > 0) virtual.scrollToIndex(current - 1 - before, { align: 'auto' });
  }, [before, current, virtual]);

  useEffect(() => {
    if (!missing) return undefined;
    // A scroll passes many lines: ask for facts when it has come to rest.
    const timer = setTimeout(() => void loadLines(Math.max(1, firstShown), Math.min(total, lastShown)), 120);
    return () => {
      clearTimeout(timer);
    };
  }, [missing, firstShown, lastShown, total]);

  return (
    <div className="lines-table mono" role="table" aria-label="Lines" aria-rowcount={total + 1}>
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
        ref={scroller}
        role="rowgroup"
        tabIndex={0}
        aria-label="Lines, scrollable: the arrow keys go from line to line"
        data-own-keys
        onKeyDown={plotKeys(total, current - 1, (index) => {
          const record = recordOf(index + 1);
          if (record === undefined) void scrubToLine(index + 1);
          else void scrubTo(record.receivedSeq ?? record.sentSeq);
        })}
      >
        <div className="lines-sizer" role="presentation" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const line = before + item.index + 1;
            const record = recordOf(line);
            return (
              <LineRow
                key={line}
                line={line}
                record={record}
                state={record === undefined ? undefined : stateAt(record, seq)}
                now={line === current}
                top={item.start}
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

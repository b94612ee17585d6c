// The rows of the lines table by round trip: the slowest or the fastest of the whole run, wherever the cursor stands.

import { useMemo, useRef } from 'react';
import { placeOf } from '../../../shared/find/find-answer.ts';
import { formatCount, formatCountOf } from '../../../shared/format.ts';
import { MAX_LISTED_LINES, type LineOrder, type RunNumbers } from '../../../shared/numbers/run-numbers.ts';
import { lineAt } from '../../scene/line-records.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useAllFacts, useCounts } from '../../store/derived.ts';
import { useLinesOf } from '../../store/line-facts.ts';
import { useRunNumbers } from '../../store/numbers.ts';
import { scrubTo } from '../../store/player.ts';
import { ROW_KEYS, rowKeys } from '../../ui/arrow-keys.ts';
import { useFixedRows } from '../../ui/use-fixed-rows.ts';
import { LineRow, ROW_PX } from './line-row.tsx';
import { useTablePages } from './lines-by-number.tsx';

export function LinesByRoundTrip({ order }: { readonly order: LineOrder }) {
  const numbers = useRunNumbers(order, MAX_LISTED_LINES);
  const listed = useMemo(() => numbers?.listed ?? [], [numbers]);
  const facts = useAllFacts();
  const { linesSent } = useCounts();
  const seq = usePlayer((state) => Math.floor(state.cursor));
  const current = lineAt(facts, seq, linesSent);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useFixedRows(scroller, listed.length, ROW_PX, -1);
  const shown = listed.slice(rows.first, rows.end);
  const records = useLinesOf(shown);
  useTablePages([...new Set(shown.map(({ sentSeq }) => placeOf(sentSeq).page))]);

  return (
    <>
      <div
        className="lines-scroll"
        ref={scroller}
        role="rowgroup"
        tabIndex={0}
        aria-label="Lines by round trip, scrollable: the arrow keys go from line to line"
        data-own-keys={ROW_KEYS}
        data-text="lines"
        onKeyDown={rowKeys(
          listed.length,
          listed.findIndex(({ line }) => line === current),
          (row) => {
            const time = listed[row];
            if (time !== undefined) void scrubTo(time.receivedSeq);
          },
        )}
      >
        <div className="lines-sizer" role="presentation" style={{ height: rows.sizerPx }}>
          {shown.map((time, index) => (
            <LineRow
              key={time.sentSeq}
              line={time.line}
              row={rows.first + index}
              record={records.get(time.sentSeq)}
              state="back"
              now={time.line === current}
              top={rows.topOf(rows.first + index)}
              tookUs={time.us}
              onChoose={() => scrubTo(time.receivedSeq)}
            />
          ))}
        </div>
      </div>
      <div className="lines-part" role="caption">
        {numbers === undefined ? '' : captionOf(numbers, order)}
      </div>
    </>
  );
}

/** "The 1,000 slowest of 20,000 lines that came back in the whole run." */
function captionOf({ lines, listed, done, counted, facts }: RunNumbers, order: LineOrder): string {
  const progress = done
    ? ''
    : ` ${Math.floor((100 * counted) / Math.max(1, facts))} % of the run is counted.`;
  if (lines === 0) return `No line has come back.${progress}`;
  return listed.length < lines
    ? `The ${formatCount(listed.length)} ${order} of ${formatCountOf(lines, 'line')} that came back in the whole run.${progress}`
    : `All lines that came back in the whole run, the ${order} first.${progress}`;
}

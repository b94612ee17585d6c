// One of the three servers: its name, its result, and its rows of blocks over the ruler's bytes.

import { Check, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useMemo, useRef } from 'react';
import { printable } from '../../../shared/trace/transcript.ts';
import type { Block, BoundaryPicture, Lane, RowName } from './boundaries.ts';
import { countAt, givenBack, replyAt, ROWS, verdictAt } from './boundaries.ts';
import { cellsOf } from './byte-cells.ts';
import { framingTitle } from '../../scene/describe.ts';
import { formatCount, formatCountOf } from '../../../shared/format.ts';
import { BlockRow } from './block-row.tsx';
import { Cells } from './cells.tsx';
import type { Scale } from './scale.ts';

interface ServerLaneProps {
  readonly lane: Lane;
  readonly number: number;
  readonly picture: BoundaryPicture;
  readonly cursor: number;
  readonly scale: Scale;
  /** The cursor stands in its exchange. */
  readonly now: boolean;
}

export function ServerLane({ lane, number, picture, cursor, scale, now }: ServerLaneProps) {
  const { bytes, over } = replyAt(lane, cursor);
  const back = useMemo(() => givenBack(lane, picture, bytes, over), [lane, picture, bytes, over]);
  const box = useRef<HTMLDivElement>(null);
  // In a low window the three do not fit: the one that the cursor stands in is shown.
  useEffect(() => {
    if (now) box.current?.scrollIntoView({ block: 'nearest' });
  }, [now]);
  const characters = useMemo(
    () =>
      scale.characterPx === undefined ? null : (
        <Cells cells={cellsOf(lane.reply.subarray(0, bytes))} scale={scale} />
      ),
    [lane, bytes, scale],
  );
  const failure = lane.failure !== undefined && lane.failure.seq <= cursor ? lane.failure : undefined;
  const blocksOf = (row: RowName): readonly Block[] => (row === 'back' ? back : lane[row]);
  return (
    <div
      ref={box}
      className={now ? 'lane now' : 'lane'}
      role="group"
      aria-label={`Server ${number}: ${framingTitle(lane.framing)}`}
      aria-current={now ? 'step' : undefined}
    >
      <div className="lane-title">
        <strong>{framingTitle(lane.framing)}</strong>
        <Verdict verdict={verdictAt(lane, picture, cursor)} />
      </div>
      <div className="lane-rows">
        <LineEnds picture={picture} scale={scale} />
        {ROWS.map((row) => (
          <BlockRow
            key={row}
            row={row}
            blocks={blocksOf(row)}
            count={row === 'back' ? back.length : countAt(lane[row], cursor)}
            scale={scale}
            note={noteOf(row, lane, picture, cursor)}
          >
            {row === 'back' ? characters : null}
          </BlockRow>
        ))}
        {failure === undefined ? null : (
          <p className="lane-failure">
            <X size={16} aria-hidden /> {printable(failure.problem.message)}
          </p>
        )}
      </div>
    </div>
  );
}

/** The note of an empty row. */
function noteOf(row: RowName, lane: Lane, { readWhen }: BoundaryPicture, cursor: number): string | undefined {
  const [read] = lane.reads;
  if (row !== 'waiting' || lane.waiting.length > 0 || read === undefined || read.seq > cursor)
    return undefined;
  return readWhen === 'late' ? 'not available here' : 'not looked at: each write was read at once';
}

function Verdict({ verdict }: { readonly verdict: ReturnType<typeof verdictAt> }): ReactNode {
  if (verdict === undefined) return null;
  const { right, of } = verdict;
  const good = right === of;
  const Icon = good ? Check : X;
  return (
    <span className={good ? 'verdict good' : 'verdict bad'}>
      <Icon size="1.2em" strokeWidth={3} aria-hidden />
      {`${formatCount(right)} of ${formatCountOf(of, 'line')}`}
    </span>
  );
}

/** Where lines really end, through all rows: what crosses it has lost a boundary. */
function LineEnds({ picture, scale }: { readonly picture: BoundaryPicture; readonly scale: Scale }) {
  const { lines } = picture.input;
  // So many that they would be all that is seen.
  if (lines.length * 6 > scale.bytes * scale.pxPerByte) return null;
  return (
    <div className="line-ends" aria-hidden>
      {lines.slice(0, -1).map(({ to }) => (
        <i key={to} style={{ left: `${(to / scale.bytes) * 100}%` }} />
      ))}
    </div>
  );
}

// What each of the three servers gave back, line by line beside what the client sent: the text of the picture above.

import { useVirtualizer } from '@tanstack/react-virtual';
import type { KeyboardEvent } from 'react';
import { useMemo, useRef } from 'react';
import type { Block } from './boundaries.ts';
import { givenBack, pictureAt, replyAt } from './boundaries.ts';
import { cellsOf } from './byte-cells.ts';
import { framingTitle } from '../../scene/describe.ts';
import { formatCount } from '../../../shared/format.ts';
import { useBoundaryPictures } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { scrubTo } from '../../store/player.ts';
import { useTextOf } from '../../store/selection.ts';

const ROW_PX = 30;

/** Rows down and columns to the right. */
const WALKS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

export function GivenBack() {
  const pictures = useBoundaryPictures();
  const cursor = usePlayer((state) => Math.floor(state.cursor));
  const table = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const picture = pictureAt(pictures, cursor);
  const sent = useMemo(
    () =>
      picture?.input.lines.map(({ from, to }) =>
        cellsOf(picture.input.octets.subarray(from, to))
          .map(({ text, broken }) => (broken ? `\\x${text}` : text))
          .join(''),
      ) ?? [],
    [picture],
  );
  const backs = (picture?.lanes ?? []).map((lane) => {
    const { bytes, over } = replyAt(lane, cursor);
    return {
      framing: lane.framing,
      over,
      blocks: picture === undefined ? [] : givenBack(lane, picture, bytes, over),
    };
  });
  const count = Math.max(sent.length, ...backs.map(({ blocks }) => blocks.length));
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler is not used; rows are few and cheap
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  useTextOf(table, () =>
    Array.from({ length: count }, (_, index) =>
      [index + 1, sent[index] ?? '', ...backs.map(({ blocks }) => blocks[index]?.labels[0] ?? '')].join('\t'),
    ).join('\n'),
  );
  if (count === 0) {
    return (
      <p className="lines-empty">
        What each of the three servers gives back appears here, line by line beside what the client sent.
      </p>
    );
  }
  return (
    <div
      className="lines-table given-back mono"
      ref={table}
      role="table"
      aria-label="Given back"
      aria-rowcount={count + 1}
    >
      <div role="rowgroup">
        <div className="lines-row head" role="row" aria-rowindex={1}>
          <span role="columnheader">#</span>
          <span role="columnheader">sent by the client</span>
          {backs.map(({ framing }) => (
            <span key={framing} role="columnheader">
              {framingTitle(framing)}
            </span>
          ))}
        </div>
      </div>
      <div
        className="lines-scroll"
        ref={scroller}
        role="rowgroup"
        tabIndex={0}
        aria-label="Given back, scrollable: the arrow keys go from line to line"
        data-own-keys="ArrowLeft ArrowRight ArrowUp ArrowDown"
        onKeyDown={walk}
      >
        <div className="lines-sizer" role="presentation" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => (
            <div
              key={index}
              className="lines-row"
              role="row"
              aria-rowindex={index + 2}
              style={{ transform: `translateY(${start}px)` }}
            >
              <span role="cell" className="number">
                {formatCount(index + 1)}
              </span>
              <span role="cell" className="client" title={sent[index]}>
                {sent[index]}
              </span>
              {backs.map(({ framing, blocks, over }) => (
                <BackCell key={framing} block={blocks[index]} over={over} />
              ))}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Moves the focus among the lines that came back; the table itself is the one stop for Tab. Enter goes to the line. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const [down, right] = WALKS[event.key] ?? [0, 0];
  if (down === 0 && right === 0) return;
  event.preventDefault();
  const rows = [...event.currentTarget.querySelectorAll('.lines-row')].map((row) => [
    ...row.querySelectorAll('button'),
  ]);
  const at = rows.findIndex((row) => row.some((button) => button === document.activeElement));
  const column = rows[at]?.findIndex((button) => button === document.activeElement) ?? 0;
  const next = at < 0 ? rows[0]?.[0] : rows[at + down]?.[column + right];
  next?.focus();
}

/** A line as it came back. A sign as well as the tone shows whether it is the one that belongs here. */
function BackCell({ block, over }: { readonly block: Block | undefined; readonly over: boolean }) {
  if (block === undefined) {
    return (
      <span role="cell" className="pending">
        {over ? 'no line' : ''}
      </span>
    );
  }
  const { mark, labels, name, seq } = block;
  const sign = mark === 'right' ? '✓ ' : mark === 'wrong' ? '✗ ' : '';
  return (
    <span role="cell">
      <button
        type="button"
        className={`back ${mark}`}
        title={name}
        tabIndex={-1}
        onClick={() => {
          void scrubTo(seq);
        }}
      >
        {sign === '' ? null : (
          <span aria-label={mark} role="img">
            {sign}
          </span>
        )}
        {labels[0]}
      </button>
    </span>
  );
}

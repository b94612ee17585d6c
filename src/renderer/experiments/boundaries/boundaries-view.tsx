// Lost boundaries: the same bytes to three servers, under one another over one ruler, so that the same place from left to
// right is the same byte. It only places and sizes the blocks that boundaries.ts computed.

import { useLayoutEffect, useMemo, useRef } from 'react';
import { pictureAt } from './boundaries.ts';
import { useBoundaryPictures } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useElementSize } from '../../ui/use-element-size.ts';
import './boundaries.css';
import { ByteRuler } from './byte-ruler.tsx';
import type { Scale } from './scale.ts';
import { scaleFor } from './scale.ts';
import { ServerLane } from './server-lane.tsx';

/** The same object while nothing changes: rows that are remembered go by it. */
function useScale(bytes: number, width: number, height: number): Scale {
  return useMemo(() => scaleFor(bytes, width, height), [bytes, width, height]);
}

export function BoundariesView() {
  const pictures = useBoundaryPictures();
  // Blocks come with whole facts: no new picture on every frame.
  const cursor = usePlayer((state) => Math.floor(state.cursor));
  const box = useRef<HTMLDivElement>(null);
  const track = useRef<HTMLDivElement>(null);
  const { height } = useElementSize(box);
  const { width } = useElementSize(track);
  const picture = pictureAt(pictures, cursor);
  const scale = useScale(picture?.input.bytes ?? 0, width, height);
  const { rowPx, wordsPx } = scale;
  useLayoutEffect(() => {
    box.current?.style.setProperty('--row', `${rowPx}px`);
    box.current?.style.setProperty('--words', `${wordsPx}px`);
  }, [rowPx, wordsPx]);
  if (picture === undefined) return null;
  const now = picture.lanes.find(
    ({ round }) => round !== undefined && round.seq <= cursor && cursor <= (round.facts.at(-1)?.seq ?? 0),
  );
  return (
    <div
      ref={box}
      className={scale.low ? 'boundaries low' : 'boundaries'}
      role="group"
      aria-label="The same bytes at three servers"
    >
      <ByteRuler ref={track} input={picture.input} scale={scale} />
      {picture.lanes.map((lane, index) => (
        <ServerLane
          key={lane.framing}
          lane={lane}
          number={index + 1}
          picture={picture}
          cursor={cursor}
          scale={scale}
          now={lane === now}
        />
      ))}
    </div>
  );
}

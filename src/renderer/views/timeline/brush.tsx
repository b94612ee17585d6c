// The pointer over the minimap: says what is there, goes there with a click, and chooses a stretch with a drag.

import { useState, type PointerEvent, type ReactNode } from 'react';
import type { RunOverview } from '../../../shared/trace/overview.ts';
import { cursorAt, partOf, type Axis } from '../../scene/time-axis.ts';
import type { TimeMark } from '../../scene/time-marks.ts';
import { scrubTo } from '../../store/player.ts';
import { chooseStretch } from '../../store/time-bar.ts';
import { Readout } from './readout.tsx';

/** A pointer that was moved less has clicked. */
const DRAG_PX = 4;
/** A mark that is so near is meant. */
const NEAR_PX = 5;

interface BrushProps {
  readonly axis: Axis;
  readonly last: number;
  readonly overview: RunOverview | undefined;
  readonly marks: readonly TimeMark[];
  readonly children: ReactNode;
}

/** Where the pointer is and where it was pressed, as parts of the axis. */
interface Pointer {
  readonly part: number;
  readonly width: number;
  readonly pressedAt?: number;
}

export function Brush({ axis, last, overview, marks, children }: BrushProps) {
  const [pointer, setPointer] = useState<Pointer>();
  function partOfEvent(event: PointerEvent<HTMLDivElement>): Pick<Pointer, 'part' | 'width'> {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return { part: Math.max(0, Math.min(1, (event.clientX - left) / width)), width };
  }
  function markAt({ part, width }: Pick<Pointer, 'part' | 'width'>): TimeMark | undefined {
    const away = (mark: TimeMark): number => Math.abs(partOf(axis, mark.seq) - part) * width;
    const [nearest] = [...marks].sort((a, b) => away(a) - away(b));
    return nearest !== undefined && away(nearest) <= NEAR_PX ? nearest : undefined;
  }
  const seqAt = (part: number): number => Math.max(1, Math.min(last, Math.round(cursorAt(axis, part))));
  const isDrag = (at: Pointer): boolean =>
    at.pressedAt !== undefined && Math.abs(at.part - at.pressedAt) * at.width >= DRAG_PX;
  return (
    <div
      className="minimap"
      onPointerDown={(event) => {
        if (event.button !== 0 || last === 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const at = partOfEvent(event);
        setPointer({ ...at, pressedAt: at.part });
      }}
      onPointerMove={(event) => {
        if (last > 0) setPointer({ ...pointer, ...partOfEvent(event) });
      }}
      onPointerUp={(event) => {
        if (pointer?.pressedAt === undefined) return;
        const at = { ...pointer, ...partOfEvent(event) };
        if (isDrag(at)) {
          chooseStretch(cursorAt(axis, pointer.pressedAt), cursorAt(axis, at.part));
          setPointer(undefined);
        } else {
          void scrubTo(markAt(at)?.seq ?? seqAt(at.part));
          setPointer({ part: at.part, width: at.width });
        }
      }}
      onPointerCancel={() => {
        setPointer(undefined);
      }}
      onPointerLeave={() => {
        setPointer(undefined);
      }}
    >
      {children}
      {pointer === undefined || last === 0 ? null : (
        <>
          {isDrag(pointer) ? <Brushed from={pointer.pressedAt ?? 0} to={pointer.part} /> : null}
          <Readout overview={overview} axis={axis} seq={seqAt(pointer.part)} mark={markAt(pointer)} />
        </>
      )}
    </div>
  );
}

function Brushed({ from, to }: { readonly from: number; readonly to: number }) {
  const left = `${Math.min(from, to) * 100}%`;
  return <div className="brushed" style={{ left, width: `${Math.abs(to - from) * 100}%` }} />;
}

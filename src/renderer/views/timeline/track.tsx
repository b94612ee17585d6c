// The axis of the time bar: chapters, the minimap, the slider. A click on the minimap goes there, a drag chooses the
// stretch that all three then cover.

import { X } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { formatCount } from '../../../shared/format.ts';
import { MAX_LANDMARKS } from '../../../shared/trace/packed.ts';
import { wholeAxis, type Axis } from '../../scene/time-axis.ts';
import { drawnMarksOf, marksBeyond, timeMarksOf, waitsOf, type TimeMark } from '../../scene/time-marks.ts';
import { useCounts, useLandmarks } from '../../store/derived.ts';
import { setWidth, showWholeRun, useTimeBar } from '../../store/time-bar.ts';
import { useElementSize } from '../../ui/use-element-size.ts';
import { Brush } from './brush.tsx';
import { Chapters } from './chapters.tsx';
import { Minimap } from './minimap.tsx';
import { Slider } from './slider.tsx';

/** Marks of one look that are closer would cover each other. */
const MARK_PX = 6;
/** The button that shows the whole run again stands at the end of the chapters. */
const WHOLE_RUN_PX = 96;

export function Track() {
  const frame = useRef<HTMLDivElement>(null);
  const playhead = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(frame);
  useEffect(() => {
    setWidth(width);
  }, [width]);
  const last = useCounts().facts;
  const stretch = useTimeBar((state) => state.stretch);
  const shown = last === 0 ? undefined : stretch;
  const axis = useMemo(() => shown ?? wholeAxis(last), [shown, last]);
  const overview = useTimeBar((state) => (last === 0 ? undefined : state.overview));
  const landmarks = useLandmarks();
  const marks = useMarks(axis, MARK_PX / Math.max(1, width));
  return (
    <div className="time-track">
      <div className="time-axis" ref={frame}>
        <Chapters
          overview={overview}
          landmarks={landmarks}
          marks={marks}
          axis={axis}
          width={width}
          roomEnd={shown === undefined ? width : width - WHOLE_RUN_PX}
        />
        {shown === undefined ? null : <WholeRun stretch={shown} last={last} />}
        <Brush axis={axis} last={last} overview={overview} marks={marks}>
          <Minimap overview={overview} axis={axis} marks={marks} />
          <div className="playhead-frame" aria-hidden>
            <div className="playhead" ref={playhead} hidden={last === 0} />
          </div>
        </Brush>
      </div>
      <Slider axis={axis} playhead={playhead} />
    </div>
  );
}

function useMarks(axis: Axis, apart: number): readonly TimeMark[] {
  const landmarks = useLandmarks();
  const overview = useTimeBar((state) => state.overview);
  const known = useMemo(() => timeMarksOf(landmarks), [landmarks]);
  return useMemo(() => {
    const beyond =
      overview === undefined || landmarks.length < MAX_LANDMARKS ? [] : marksBeyond(overview, known);
    const waits = overview === undefined || landmarks.length === 0 ? [] : waitsOf(overview);
    return drawnMarksOf([...waits, ...known, ...beyond], axis, apart);
  }, [landmarks.length, known, overview, axis, apart]);
}

/** Says where in the run the stretch is, and leads back. */
function WholeRun({ stretch, last }: { readonly stretch: Axis; readonly last: number }) {
  const left = `${(stretch.from / last) * 100}%`;
  const width = `${((stretch.to - stretch.from) / last) * 100}%`;
  const shown = `facts ${formatCount(Math.max(1, stretch.from))} to ${formatCount(stretch.to)} of ${formatCount(last)}`;
  return (
    <>
      <button
        type="button"
        className="whole-run"
        title={`The time bar covers ${shown}. Show the whole run (Esc)`}
        onClick={showWholeRun}
      >
        <X size={12} aria-hidden /> Whole run
      </button>
      <div className="stretch-in-run" aria-hidden>
        <div style={{ left, width }} />
      </div>
    </>
  );
}

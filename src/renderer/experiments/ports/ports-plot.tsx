// Client port by run, beside the system's ephemeral range and the server's fixed port. Earlier runs stand to the left,
// dimmer. Marks come as the cursor passes the facts; choosing one of this run moves the cursor to it.

import { useRef, useState } from 'react';
import { endsAt } from '../../scene/peers.ts';
import type { PortMark } from './port-plot.ts';
import { parityOf } from '../../../shared/experiments/summary/rounds.ts';
import { earlierRuns, portPlot, portScale } from './port-plot.ts';
import { formatMoment } from '../../../shared/format.ts';
import { useAllFacts, useLandmarks, useOutcomes, useRound, useRoundsAsked } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { scrubTo } from '../../store/player.ts';
import { hasShownRun, useRun } from '../../store/run.ts';
import { useElementSize } from '../../ui/use-element-size.ts';
import { PLOT_KEYS, plotKeys } from '../../ui/arrow-keys.ts';
import type { PlotPlaces } from './port-axes.tsx';
import { PortAxes } from './port-axes.tsx';
import { PortMarks } from './port-marks.tsx';
import { PortsLegend } from './ports-legend.tsx';
import '../rounds.css';

/** Narrower columns than this cannot be told apart from the back of a room; the first has room for a port upright. */
const COLUMN_WITH_DIGITS_PX = 15;
const NARROWEST_COLUMN_PX = 9;
const WIDEST_COLUMN_PX = 64;
const LEFT_PX = 64;
const RIGHT_PX = 116;
const TOP_PX = 10;
const BOTTOM_PX = 26;

export function PortsPlot() {
  const facts = useAllFacts();
  const landmarks = useLandmarks();
  const outcomes = useOutcomes();
  const asked = useRoundsAsked();
  const shownRound = useRound()?.round;
  const seq = usePlayer((state) => Math.floor(state.cursor));
  const remembered = useRun((state) => state.portHistory);
  const replayed = useRun((state) => hasShownRun(state) && state.info?.origin === 'opened');
  const [looked, setLooked] = useState<{ readonly key: string; readonly at: number }>();
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(box);

  const [started] = facts;
  // A saved run may be another computer's: it stands alone.
  const history = replayed
    ? []
    : earlierRuns(remembered, started?.kind === 'run-started' ? started.startedAt : undefined);
  const across = Math.max(0, width - LEFT_PX - RIGHT_PX);
  // Remembered runs make this one's columns no narrower than its ports can be written in.
  const least = asked * COLUMN_WITH_DIGITS_PX <= across ? COLUMN_WITH_DIGITS_PX : NARROWEST_COLUMN_PX;
  const room = Math.floor(across / least);
  const plot = portPlot({ outcomes, asked, history }, seq, room);
  const marks = [...plot.past.flatMap((group) => group.marks), ...plot.now];
  const { range: rangeNow, server } = endsAt(landmarks, seq);
  const newest = history.at(-1);
  const range = rangeNow ?? (facts.length === 0 ? newest?.range : undefined);
  const serverPort = server.endpoint?.port ?? (facts.length === 0 ? newest?.serverPort : undefined);
  const places = placesIn({ width, height, columns: plot.columns });
  const scale = portScale(
    marks.map((mark) => mark.port),
    range,
    serverPort,
  );
  const atCursor = plot.now.find((mark) => mark.run === shownRound);
  const active = (looked?.at === seq ? marks.find((mark) => mark.key === looked.key) : undefined) ?? atCursor;

  function go(mark: PortMark | undefined): void {
    if (mark === undefined) return;
    if (mark.seq === undefined) setLooked({ key: mark.key, at: seq });
    else void scrubTo(mark.seq);
  }

  return (
    <div className="ports-plot">
      <PortsLegend
        parity={parityOf((facts.length === 0 ? marks : plot.now).map((mark) => mark.port))}
        earlier={history.length}
        readout={active === undefined ? '' : nameOf(active)}
      />
      <div
        ref={box}
        className="plot-box"
        role="listbox"
        aria-label="Client ports by run"
        aria-orientation="horizontal"
        aria-activedescendant={active === undefined ? undefined : idOf(active)}
        tabIndex={0}
        data-own-keys={PLOT_KEYS}
        onKeyDown={plotKeys(
          marks.length + (outcomes.length > plot.now.length ? 1 : 0),
          active === undefined ? -1 : marks.indexOf(active),
          (index) => {
            const next = outcomes[plot.now.length];
            if (index < marks.length) go(marks[index]);
            else if (next !== undefined) void scrubTo(next.lastSeq);
          },
        )}
      >
        <svg width={width} height={height} role="presentation">
          <PortAxes plot={plot} places={places} scale={scale} range={range} serverPort={serverPort} />
          <PortMarks
            marks={marks}
            places={places}
            scale={scale}
            active={active}
            idOf={idOf}
            nameOf={nameOf}
            onGo={go}
            onLook={(mark) => {
              setLooked({ key: mark.key, at: seq });
            }}
          />
        </svg>
      </div>
    </div>
  );
}

function placesIn({
  width,
  height,
  columns,
}: {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
}): PlotPlaces {
  const across = Math.max(1, width - LEFT_PX - RIGHT_PX);
  const column = Math.min(WIDEST_COLUMN_PX, across / columns);
  return {
    left: LEFT_PX,
    right: width - RIGHT_PX,
    top: TOP_PX,
    bottom: Math.max(TOP_PX + 1, height - BOTTOM_PX),
    column,
  };
}

function idOf(mark: PortMark): string {
  return `port-mark-${mark.key.replaceAll(/[^\w-]/g, '-')}`;
}

/** "run 3: port 41794, even"; of an earlier run with its date and time. */
function nameOf({ run, port, even, startedAt }: PortMark): string {
  const when = startedAt === undefined ? '' : ` of ${formatMoment(startedAt)}`;
  return `run ${run}${when}: port ${port}, ${even ? 'even' : 'odd'}`;
}

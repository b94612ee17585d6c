// The ends above their lifelines: what they are, which port they have and what chose it; and the other clients of our
// server.

import type { CSSProperties } from 'react';
import { useRef } from 'react';
import type { Side } from '../../../shared/trace/fact.ts';
import { endpointName } from '../../../shared/trace/port-words.ts';
import type { Ends } from '../../scene/peers.ts';
import { endsAt, otherEndAt } from '../../scene/peers.ts';
import type { OtherLane } from '../../scene/lanes.ts';
import { lanesAt } from '../../scene/lanes.ts';
import { useLadder } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useElementSize } from '../../ui/use-element-size.ts';
import type { Places } from './places.ts';
import { placesOf } from './places.ts';

export function EndBoxes() {
  const { landmarks, others: all } = useLadder();
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  // A client that comes has its lane on the way to the fact that it was accepted.
  const others = lanesAt(
    all,
    usePlayer((state) => Math.ceil(state.cursor)),
  );
  const places = others.length === 0 || width === 0 ? undefined : placesOf(width, others);
  // Only whole facts change the ends: they are not rendered again on every frame.
  const seq = usePlayer((state) => Math.floor(state.cursor));
  const ends = endsAt(landmarks, seq);
  return (
    <div ref={box} className="ends">
      <EndBox side="client" ends={ends} why={clientPortWhy(ends)} places={places} />
      <EndBox side="server" ends={ends} why={serverPortWhy(ends)} places={places} />
      {places?.others.map(({ lane, x }) => (
        <OtherBox key={lane.id} lane={lane} style={placeAt(x, places)} />
      ))}
    </div>
  );
}

interface EndBoxProps {
  readonly side: Side;
  readonly ends: Ends;
  readonly why: string;
  /** Where the lanes stand; undefined for two lanes, whose places wire.css has. */
  readonly places: Places | undefined;
}

function EndBox({ side, ends, why, places }: EndBoxProps) {
  const { state, endpoint } = ends[side];
  const among = places === undefined ? '' : ' among-others';
  return (
    <div
      className={`end of-${side}${among}`}
      role="group"
      aria-label={side}
      style={places === undefined ? undefined : placeAt(places[side], places)}
    >
      <div className="end-box">
        <span className="end-name">
          {side}
          <span className="end-state">{state}</span>
        </span>
        <span className="end-address">{endpoint === undefined ? 'no port yet' : endpointName(endpoint)}</span>
      </div>
      <span className="end-why">{why}</span>
    </div>
  );
}

function OtherBox({ lane, style }: { readonly lane: OtherLane; readonly style: CSSProperties }) {
  // Rounded up: it is connecting on the way to the fact that it was accepted.
  const cursor = usePlayer((state) => Math.ceil(state.cursor) - (Number.isInteger(state.cursor) ? 0 : 0.5));
  const { name, state, detail } = otherEndAt(lane, cursor);
  const label = state === undefined ? name : `${name} ${detail}`;
  return (
    <div className="end of-other among-others" role="group" aria-label={label} style={style}>
      <div className="end-box">
        <span className="end-name">{name}</span>
        <span className={state === undefined ? 'end-count' : 'end-address'}>{detail}</span>
      </div>
      <span className="end-why">
        {state === undefined ? '' : `${state}, `}seen from the server’s end alone
      </span>
    </div>
  );
}

/** A head above its lane: no wider than up to the next one's, or to the edge. */
function placeAt(x: number, { client, apart }: Places): CSSProperties {
  return { left: x, maxWidth: x === client ? 2 * client - 16 : apart - 8 };
}

function clientPortWhy({ client, range }: Ends): string {
  const from = range === undefined ? '' : ` from ${range.from}–${range.to}`;
  return client.endpoint === undefined
    ? `ephemeral: the kernel will pick one${from}`
    : `ephemeral: the kernel picked it${from}`;
}

function serverPortWhy({ server }: Ends): string {
  if (server.state === 'another program') return 'fixed: the other program asked for it';
  if (server.requestedPort === undefined) return 'fixed: the program asks for it';
  if (server.requestedPort === 0) return 'the program asked for any free port';
  return server.endpoint === undefined
    ? `the program asks for port ${server.requestedPort}`
    : 'fixed: the program asked for it';
}

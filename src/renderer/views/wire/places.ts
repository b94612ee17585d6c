import type { LaneId, OtherLane } from '../../scene/lanes.ts';
import { foldLanes } from '../../scene/lanes.ts';

/** Where the lanes stand, in pixels from the left. */
export interface Places {
  readonly client: number;
  readonly server: number;
  /** The lane that is furthest right. */
  readonly last: number;
  /** From the server's lane to the next one, and from each of those to the next. */
  readonly apart: number;
  /** The lanes of other clients that this width has room for. */
  readonly others: readonly PlacedLane[];
}

export interface PlacedLane {
  readonly lane: OtherLane;
  readonly x: number;
}

/** From this width on a picture has room for so many lanes of other clients; below the first for one. */
const ROOM = [
  { lanes: 3, px: 1_000 },
  { lanes: 2, px: 800 },
];
/** The lanes' places in a view of this width. With two lanes wire.css puts the two ends at the same places. */
export function placesOf(width: number, lanes: readonly OtherLane[]): Places {
  if (lanes.length === 0) {
    const client = clamp(width * 0.24, 152, 260);
    return { client, server: width - client, last: width - client, apart: client, others: [] };
  }
  const max = ROOM.find(({ px }) => width >= px)?.lanes ?? 1;
  const shown = foldLanes(lanes, max);
  const apart = clamp(width * 0.16, 156, 240);
  const last = width - apart / 2 - 4;
  const server = last - apart * shown.length;
  const others = shown.map((lane, index) => ({ lane, x: server + apart * (index + 1) }));
  return { client: clamp(width * 0.15, 124, 260), server, last, apart, others };
}

/** The place of a lane of the ladder; one that has no place of its own here is in the last one. */
export function xOf(places: Places, lane: LaneId): number {
  if (lane === 'client' || lane === 'server') return places[lane];
  return places.others.find((placed) => placed.lane.id === lane)?.x ?? places.last;
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

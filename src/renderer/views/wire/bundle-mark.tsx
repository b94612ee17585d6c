// Many lines on their way at once: their chips would cover each other, so one says how many there are.

import { formatCountOf } from '../../../shared/format.ts';
import type { Arrow } from '../../scene/ladder.ts';
import type { LaneId } from '../../scene/lanes.ts';
import { withRoom } from '../../scene/vertical.ts';
import { xOf, type Places } from './places.ts';

/** So many chips can be told apart where they travel side by side. */
const MAX_TRAVELLING = 5;
const CHIP_PX = 28;
const NAME_PX = 16;
const CHARACTER_PX = 8.2;

export interface Bundle {
  readonly from: LaneId;
  readonly to: LaneId;
  readonly count: number;
}

/** The arrows that show their bytes or names, and where too many are on their way, a bundle for each direction. */
export function wordsOf(
  arrows: readonly Arrow[],
  cursor: number,
): { readonly withWords: ReadonlySet<Arrow>; readonly bundles: readonly Bundle[] } {
  const withWords = new Set<Arrow>();
  const bundles: Bundle[] = [];
  for (const direction of directionsOf(arrows)) {
    const travelling: Arrow[] = [];
    const arrived: Arrow[] = [];
    for (const arrow of direction) {
      if (arrow.arrivesAt === undefined || arrow.arrivesAt > cursor) travelling.push(arrow);
      else arrived.push(arrow);
    }
    const [first] = travelling;
    if (first !== undefined && travelling.length > MAX_TRAVELLING) {
      bundles.push({ from: first.from, to: first.to, count: travelling.length });
    } else {
      for (const arrow of travelling) withWords.add(arrow);
    }
    const inOrder = arrived.sort((a, b) => a.y2 - b.y2);
    for (const arrow of withRoom(inOrder, ({ y2 }) => y2, CHIP_PX - 6)) withWords.add(arrow);
  }
  const named = arrows.filter(({ data }) => data === undefined);
  for (const arrow of withRoom(named, ({ y1, y2 }) => (y1 + y2) / 2, NAME_PX)) withWords.add(arrow);
  return { withWords, bundles };
}

/** The arrows with bytes, those of each direction together. */
function directionsOf(arrows: readonly Arrow[]): Iterable<readonly Arrow[]> {
  const found = new Map<string, Arrow[]>();
  for (const arrow of arrows) {
    if (arrow.data === undefined) continue;
    const key = `${arrow.from} ${arrow.to}`;
    const same = found.get(key);
    if (same === undefined) found.set(key, [arrow]);
    else same.push(arrow);
  }
  return found.values();
}

export function BundleMark({
  bundle,
  places,
  y,
}: {
  readonly bundle: Bundle;
  readonly places: Places;
  readonly y: number;
}) {
  const words = `${formatCountOf(bundle.count, 'line')} on their way`;
  const width = words.length * CHARACTER_PX + 24;
  const x = (xOf(places, bundle.from) + xOf(places, bundle.to)) / 2;
  const side = bundle.from === 'client' || bundle.from === 'server' ? bundle.from : 'other';
  // Two directions at once: above each other.
  const centreY = bundle.from === 'server' ? y - CHIP_PX - 6 : y;
  return (
    <g className={`of-${side}`}>
      <g className="chip" transform={`translate(${x} ${centreY})`}>
        <rect x={-width / 2} y={-CHIP_PX / 2} width={width} height={CHIP_PX} rx={8} />
        <text y={5.5}>{words}</text>
      </g>
    </g>
  );
}

import { describe, expect, it } from 'vitest';

import type { OtherLane } from '../../scene/lanes.ts';
import { placesOf, xOf } from './places.ts';

const LANES = [1, 2, 3].map((number): OtherLane => {
  const id = `other-${number}` as const;
  return { id, clients: [{ lane: id, name: 'another client', fromSeq: number }] };
});

describe('the places of the lanes', () => {
  it('are those of wire.css where there are two', () => {
    for (const [width, client] of [
      [600, 152],
      [832, 199.68],
      [1_400, 260],
    ] as const) {
      expect(placesOf(width, [])).toMatchObject({ client, server: width - client, last: width - client });
    }
  });

  it('leave room for our own exchange and for each head, in every width and for every number of lanes', () => {
    for (let width = 640; width <= 2_400; width += 10) {
      for (const count of [1, 2, 3]) {
        const { client, server, last, apart, others } = placesOf(width, LANES.slice(0, count));
        expect(server - client).toBeGreaterThanOrEqual(260);
        expect(apart).toBeGreaterThanOrEqual(156);
        expect(others.at(-1)?.x).toBeCloseTo(last);
        expect(width - last).toBeGreaterThanOrEqual(apart / 2);
      }
    }
  });

  it('are one for all other clients in a narrow picture, whatever their lanes in the ladder', () => {
    expect(placesOf(1_200, LANES).others).toHaveLength(3);
    expect(placesOf(832, LANES).others.map(({ lane }) => lane.id)).toEqual(['other-1', 'others']);
    const narrow = placesOf(652, LANES);
    expect(narrow.others.map(({ lane }) => [lane.id, lane.clients.length])).toEqual([['others', 3]]);
    for (const { id } of LANES) expect(xOf(narrow, id)).toBe(narrow.last);
  });
});

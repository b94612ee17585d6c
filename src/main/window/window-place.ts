// The window's bounds, kept from start to start.

import { z } from 'zod';

import { createJsonFileWriter, readJsonFile, type Warn } from '../settings/json-file.ts';

const BOUNDS = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1).max(32_768),
  height: z.int().min(1).max(32_768),
});

/** `bounds` are those of the window when it is not maximized. */
const WINDOW_PLACE = z.object({ bounds: BOUNDS, maximized: z.boolean() });

export type WindowPlace = z.infer<typeof WINDOW_PLACE>;

export interface KeptPlace {
  /** Undefined at the first start, and where the file is damaged. */
  readonly place: WindowPlace | undefined;
  /** Resolves when the place is on the disk, or when writing failed. */
  keep(place: WindowPlace): Promise<void>;
}

/** Reads the place that the window had when the app was quit. */
export function openKeptPlace(path: string, warn: Warn): KeptPlace {
  const place = readJsonFile<WindowPlace | undefined>(
    path,
    undefined,
    (found) => {
      const read = WINDOW_PLACE.safeParse(found);
      return read.success ? { value: read.data } : { value: undefined, damage: 'it is no place of a window' };
    },
    warn,
  );
  const writer = createJsonFileWriter(path, warn);
  return { place, keep: (now) => writer.write(now) };
}

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part of the window's upper edge that must be on a screen, so that the window can be seen and moved. */
const GRIP = { width: 120, height: 40 } as const;

/**
 * The kept place, if it is still on a screen: screens come and go between two starts. It is made smaller where the screen
 * is smaller. Undefined where the window's upper edge would be on no screen. `workAreas` are the screens without their
 * bars, in the same coordinates.
 */
export function placeOnScreen(
  kept: WindowPlace | undefined,
  workAreas: readonly Rectangle[],
): WindowPlace | undefined {
  if (kept === undefined) return undefined;
  const { bounds } = kept;
  const area = workAreas.find(
    (screen) =>
      overlap(bounds.x, bounds.width, screen.x, screen.width) >= Math.min(GRIP.width, bounds.width) &&
      bounds.y >= screen.y &&
      bounds.y <= screen.y + screen.height - GRIP.height,
  );
  if (area === undefined) return undefined;
  const width = Math.min(bounds.width, area.width);
  const height = Math.min(bounds.height, area.height);
  return { ...kept, bounds: { ...bounds, width, height } };
}

function overlap(from: number, length: number, otherFrom: number, otherLength: number): number {
  return Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom);
}

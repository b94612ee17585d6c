// How the picture is drawn: its zoom, and whether its heights are the order of the facts or their times.

import { create } from 'zustand';
import type { VerticalAxis } from '../scene/vertical.ts';

const MIN_ZOOM = 0.02;
const MAX_ZOOM = 8;
const STEP = 1.25;

interface ScaleState {
  readonly axis: VerticalAxis;
  /** `auto`: rows as high as the picture has room for. `fit`: all facts at once. */
  readonly zoom: number | 'auto' | 'fit';
  /** The zoom as it was last drawn. */
  readonly drawn: number;
}

export const useScale = create<ScaleState>()(() => ({ axis: 'order', zoom: 'auto', drawn: 1 }));

/** Rows of a picture of this height that is neither zoomed nor fitted. */
export function autoZoom(viewPx: number): number {
  return Math.min(1.5, Math.max(0.75, Math.round((viewPx / 480) * 20) / 20));
}

export function zoomBy(factor: number): void {
  useScale.setState(({ drawn }) => ({ zoom: Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, drawn * factor)) }));
}

export function zoomIn(): void {
  zoomBy(STEP);
}

export function zoomOut(): void {
  zoomBy(1 / STEP);
}

/** All facts in one view, and back. */
export function toggleFit(): void {
  useScale.setState(({ zoom }) => ({ zoom: zoom === 'fit' ? 'auto' : 'fit' }));
}

export function resetZoom(): void {
  useScale.setState({ zoom: 'auto' });
}

/** Heights to the scale of time, and back to a row a fact. */
export function toggleTimeAxis(): void {
  useScale.setState(({ axis }) => ({ axis: axis === 'order' ? 'time' : 'order' }));
}

// The panels around the picture, and how much of the window they take.

export const PANEL_NAMES = ['sidebar', 'tables', 'evidence'] as const;
export type PanelName = (typeof PANEL_NAMES)[number];

export interface Panels {
  readonly sidebarPx: number;
  /** Tables and evidence below the picture, in percent of its column's height. */
  readonly lowerPercent: number;
  /** The evidence beside the tables, in percent of both. */
  readonly evidencePercent: number;
  readonly folded: readonly PanelName[];
}

/** The picture then has 45 % of a window of 1440 x 900. */
export const DEFAULT_PANELS: Panels = { sidebarPx: 240, lowerPercent: 25, evidencePercent: 50, folded: [] };

// The cursor: where in the recorded run the window stands, and how it moves.

import { create } from 'zustand';
import { STEADY } from '../scene/pace.ts';

export interface PlayerState {
  /** A `seq` with a fraction: facts up to its integer part have happened, the next one is partly on its way. */
  readonly cursor: number;
  readonly playing: boolean;
  /** Stays at the newest fact of a run that is still going on. */
  readonly following: boolean;
  readonly paceId: string;
  /** A step under way: the cursor glides to this fact. */
  readonly glideTo?: number;
  /** Where the cursor will be when the facts there have come: only the time bar shows it already. */
  readonly seekTo?: number;
  /** The fact whose details are shown; without one, the fact at the cursor. */
  readonly selectedSeq?: number | undefined;
}

export const usePlayer = create<PlayerState>()(() => ({
  cursor: 0,
  playing: false,
  following: false,
  paceId: STEADY,
}));

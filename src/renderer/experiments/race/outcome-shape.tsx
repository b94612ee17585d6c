// The sign of an outcome: told apart by its shape, and by its colour besides.

import type { Outcome } from '../../scene/round-outcomes.ts';

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  connected: 'connected',
  refused: 'refused',
  other: 'ended another way',
};

/** A check mark, a cross or an open diamond around the origin, `size` pixels wide. */
export function OutcomeShape({ outcome, size }: { readonly outcome: Outcome; readonly size: number }) {
  const half = size / 2;
  switch (outcome) {
    case 'connected':
      return (
        <path
          className="shape connected"
          d={`M${-half} 0 ${-half / 3} ${half * 0.75} ${half} ${-half * 0.75}`}
          strokeWidth={Math.max(1.75, size / 5)}
        />
      );
    case 'refused':
      return (
        <path
          className="shape refused"
          d={`M${-half} ${-half} ${half} ${half} M${half} ${-half} ${-half} ${half}`}
          strokeWidth={Math.max(1.75, size / 5)}
        />
      );
    default:
      return (
        <path
          className="shape other"
          d={`M0 ${-half} ${half} 0 0 ${half} ${-half} 0z`}
          strokeWidth={Math.max(1.5, size / 7)}
        />
      );
  }
}

/** The sign in a line of text. */
export function OutcomeSign({ outcome }: { readonly outcome: Outcome }) {
  return (
    <svg className="sign" viewBox="-8 -8 16 16" width={16} height={16} aria-hidden>
      <OutcomeShape outcome={outcome} size={12} />
    </svg>
  );
}

// The placeholder of the lines table before there are lines.

import { useShownPhase } from '../../store/derived.ts';

export function NoLines() {
  return (
    <p className="lines-empty">
      {useShownPhase() === 'empty'
        ? 'Each line of the file appears here: as the client sent it, as the server sent it back, and how long the way took.'
        : 'No line has been sent.'}
    </p>
  );
}

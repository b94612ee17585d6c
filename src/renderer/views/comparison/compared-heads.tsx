// The two ends of a compared run above their lifelines, in one line each.

import type { Ends } from '../../scene/peers.ts';
import { endpointName } from '../../../shared/trace/port-words.ts';
import type { Places } from '../wire/places.ts';

export function ComparedHeads({ ends, places }: { readonly ends: Ends; readonly places: Places }) {
  return (
    <div className="compared-heads">
      {(['client', 'server'] as const).map((side) => {
        const { state, endpoint } = ends[side];
        return (
          <div key={side} className={`compared-head of-${side}`} style={{ left: places[side] }}>
            <span className="end-name">{side}</span>
            <span className="mono">{endpoint === undefined ? state : endpointName(endpoint)}</span>
          </div>
        );
      })}
    </div>
  );
}

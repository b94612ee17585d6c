// The two ends above their lifelines: what they are, which port they have and what chose it.

import type { Side } from '../../../shared/trace/fact.ts';
import { endpointName } from '../../../shared/trace/port-words.ts';
import type { Ends } from '../../scene/peers.ts';
import { endsAt } from '../../scene/peers.ts';
import { useLadder } from '../../store/derived.ts';
import { usePlayer } from '../../store/player.ts';

export function EndBoxes() {
  const { landmarks } = useLadder();
  // Only whole facts change the ends: they are not rendered again on every frame.
  const seq = usePlayer((state) => Math.floor(state.cursor));
  const ends = endsAt(landmarks, seq);
  return (
    <div className="ends">
      <EndBox side="client" ends={ends} why={clientPortWhy(ends)} />
      <EndBox side="server" ends={ends} why={serverPortWhy(ends)} />
    </div>
  );
}

function EndBox({ side, ends, why }: { readonly side: Side; readonly ends: Ends; readonly why: string }) {
  const { state, endpoint } = ends[side];
  return (
    <div className={`end of-${side}`} role="group" aria-label={side}>
      <div className="end-box">
        <span className="end-name">
          {side}
          <span className="end-state">{state}</span>
        </span>
        <span className="end-address">{endpoint === undefined ? 'no port yet' : endpointName(endpoint)}</span>
      </div>
      <span className="end-why">{why}</span>
    </div>
  );
}

function clientPortWhy({ client, range }: Ends): string {
  const from = range === undefined ? '' : ` from ${range.from}–${range.to}`;
  return client.endpoint === undefined
    ? `ephemeral: the kernel will pick one${from}`
    : `ephemeral: the kernel picked it${from}`;
}

function serverPortWhy({ server }: Ends): string {
  if (server.state === 'another program') return 'fixed: the other program asked for it';
  if (server.requestedPort === undefined) return 'fixed: the program asks for it';
  if (server.requestedPort === 0) return 'the program asked for any free port';
  return server.endpoint === undefined
    ? `the program asks for port ${server.requestedPort}`
    : 'fixed: the program asked for it';
}

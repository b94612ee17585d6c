// The sentences about clients that are not ours and came to our server all the same: who they were.

import { formatCount } from '../../format.ts';
import { connectionsOf } from '../../trace/connection.ts';
import type { Endpoint, Fact } from '../../trace/fact.ts';
import { endpointName } from '../../trace/port-words.ts';

/** A client that is not ours. */
export interface OtherClient {
  /** Absent where no fact at hand has it. */
  readonly endpoint?: Endpoint;
  /** The server had too many clients and did not accept it. */
  readonly turnedAway: boolean;
}

/** The other clients in facts that are in order and may have gaps, in the order in which they came. */
export function otherClientsIn(facts: readonly Fact[]): readonly OtherClient[] {
  const { connections, ofFact } = connectionsOf(facts);
  const turnedAway = new Set(ofFact.filter((_, index) => isTurnedAway(facts[index])));
  return connections
    .filter(({ client }) => client.whose === 'other')
    .map((connection) => {
      const { endpoint } = connection.client;
      const known = endpoint === undefined ? {} : { endpoint };
      return { ...known, turnedAway: turnedAway.has(connection) };
    });
}

function isTurnedAway(fact: Fact | undefined): boolean {
  return fact?.kind === 'failed' && fact.problem.code === 'too-many-clients';
}

/** Of more clients than these, the others are counted. */
const MAX_NAMES = 3;

/** "2 other clients connected, too: 127.0.0.1:41794 and 127.0.0.1:41796."; none where no other client came. */
export function otherClientsSentences(clients: readonly OtherClient[]): readonly string[] {
  const came = clients.filter(({ turnedAway }) => !turnedAway);
  const away = clients.filter(({ turnedAway }) => turnedAway);
  return [
    ...(came.length === 0 ? [] : [`${countWords(came.length)} connected, too: ${names(came)}.`]),
    ...(away.length === 0
      ? []
      : [`${countWords(away.length)} ${away.length === 1 ? 'was' : 'were'} turned away: ${names(away)}.`]),
  ];
}

function countWords(count: number): string {
  return count === 1 ? 'Another client' : `${formatCount(count)} other clients`;
}

function names(clients: readonly OtherClient[]): string {
  const folded = clients.length > MAX_NAMES;
  const shown = clients
    .slice(0, folded ? MAX_NAMES - 1 : MAX_NAMES)
    .map(({ endpoint }) =>
      endpoint === undefined ? 'one whose address is not known' : endpointName(endpoint),
    );
  const all = folded ? [...shown, `${formatCount(clients.length - shown.length)} more`] : shown;
  const last = all.at(-1) ?? '';
  return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} and ${last}`;
}

/** Collects what `otherClientsIn` needs of a run's facts: few of them, however long the run is. */
export function collectOtherClients(): { handle(fact: Fact): void; sentences(): readonly string[] } {
  const opening: Fact[] = [];
  return {
    handle(fact) {
      switch (fact.kind) {
        case 'connect-called':
        case 'connected':
        case 'accepted':
        case 'failed':
        case 'round-started':
        case 'program-started':
        case 'program-ended':
          opening.push(fact);
          return;
        default:
          return;
      }
    },
    sentences: () => otherClientsSentences(otherClientsIn(opening)),
  };
}

// Facts of older formats as facts of this one. Each step goes from one format to the next, so that a new format adds one
// step and format 1 opens for ever. What is in a file may be anything: a step only moves values, the check comes after it.

import { EXPERIMENTS, EXPERIMENT_NAMES, type OptionName } from '../experiments/definitions.ts';
import { CLIENT, PROGRAM, SECOND_SERVER, SERVER, type FactKind, type PeerName } from './fact.ts';

/** An object of the file, as JSON.parse made it. */
export type Unchecked = Record<string, unknown>;

/** The fact as this format has it, where its trace is of `format`. One of no known format stays as it is. */
export function upgraded(fact: Unchecked, format: number): Unchecked {
  let current = fact;
  for (let from = format, step = STEPS.get(from); step !== undefined; from += 1, step = STEPS.get(from)) {
    current = step(current);
  }
  return current;
}

const STEPS: ReadonlyMap<number, (fact: Unchecked) => Unchecked> = new Map([[1, fromFormat1]]);

/** Format 1 had no peers: the kind of a fact or its side said who it was about, and `server: 2` a second server. */
function fromFormat1(fact: Unchecked): Unchecked {
  const { kind, side, server } = fact;
  if (kind === 'run-started') return { ...fact, format: 2, options: optionsOfFormat1(fact) };
  const peer = typeof kind === 'string' ? PEERS_OF_FORMAT_1.get(kind) : undefined;
  if (typeof kind !== 'string' || peer === undefined) return fact;
  if (OF_A_SECOND_SERVER_IN_FORMAT_1.has(kind) && Object.hasOwn(fact, 'server')) {
    return { ...fact, peer: server === 2 ? SECOND_SERVER : NO_PEER };
  }
  if (peer !== 'its side') return { ...fact, peer };
  if (!Object.hasOwn(fact, 'side')) return fact;
  return { ...fact, peer: side === 'client' || side === 'server' ? side : NO_PEER };
}

/** The peer where the file has none that format 1 knew: the check that comes after refuses it. */
const NO_PEER = null;

/** The kinds that could have `server: 2`. */
const OF_A_SECOND_SERVER_IN_FORMAT_1: ReadonlySet<string> = new Set<FactKind>([
  'server-created',
  'listen-called',
  'listening',
  'server-closed',
  'failed',
]);

const PEERS_OF_FORMAT_1: ReadonlyMap<string, PeerName> = new Map<FactKind, PeerName>([
  ['program-started', PROGRAM],
  ['program-ended', PROGRAM],
  ['server-created', SERVER],
  ['host-named', SERVER],
  ['listen-called', SERVER],
  ['listening', SERVER],
  ['client-created', CLIENT],
  ['connect-called', CLIENT],
  ['connected', CLIENT],
  ['accepted', SERVER],
  ['wrote', 'its side'],
  ['read', 'its side'],
  ['line-transformed', SERVER],
  ['text-transformed', SERVER],
  ['line-received', CLIENT],
  ['text-received', 'its side'],
  ['port-examined', SERVER],
  ['port-awaited', SERVER],
  ['queue-examined', 'its side'],
  ['slept', 'its side'],
  ['end-called', 'its side'],
  ['end-received', 'its side'],
  ['closed', 'its side'],
  ['server-closed', SERVER],
  ['failed', 'its side'],
  ['other-clients-left-out', SERVER],
]);

/** Its options stood among the other fields, and those with their usual value were left out. */
const USUAL_IN_FORMAT_1: ReadonlyMap<OptionName, unknown> = new Map<OptionName, unknown>([
  ['transform', 'reverse'],
  ['inFlight', 1],
  ['takenBy', 'listener'],
]);

function optionsOfFormat1(fact: Unchecked): Unchecked {
  const experiment = EXPERIMENT_NAMES.find((name) => name === fact.experiment);
  if (experiment === undefined) return {};
  const options: Unchecked = {};
  for (const name of EXPERIMENTS[experiment].options) {
    // The runs of `ports` were rounds, too.
    const field = name === 'runs' ? 'rounds' : name;
    const value = Object.hasOwn(fact, field) ? fact[field] : USUAL_IN_FORMAT_1.get(name);
    // Not recorded in that format, or recorded elsewhere.
    if (value !== undefined && name !== 'port') options[name] = value;
  }
  return options;
}

// The sentences at the end of `race` and of `ports`, made from the run's own numbers.

import { formatCount, formatCountOf, formatDuration } from '../../format.ts';

/** The requested rounds, and whether the run completed. */
interface Rounds {
  readonly asked: number;
  readonly completed: boolean;
}

export interface RaceResult extends Rounds {
  readonly connected: number;
  readonly refused: number;
  /** Rounds that ended another way. */
  readonly other: number;
  /** How often each end was seen in TIME_WAIT, and how often neither was. */
  readonly timeWait: { readonly client: number; readonly server: number; readonly none: number };
  readonly pauseMs: number;
}

export interface PortsResult extends Rounds {
  readonly clientPorts: readonly number[];
  readonly serverPort: number | undefined;
  readonly range: { readonly from: number; readonly to: number } | undefined;
  readonly platform: string;
}

/** The outcome of the rounds, compared with the course's report; empty where no round was run. */
export function raceSentences(race: RaceResult): readonly string[] {
  const { connected, refused, other } = race;
  if (connected + refused === 0) return [];
  return [
    ...cutShort(race, connected + refused + other, 'round'),
    outcomeSentence(race),
    ...(other === 0 ? [] : [`${formatCountOf(other, 'round')} ended another way.`]),
    ...timeWaitSentences(race),
  ];
}

function outcomeSentence({ connected, refused, other, pauseMs }: RaceResult): string {
  const all = connected + refused + other;
  if (connected > 0 && refused > 0) {
    return `${formatCount(refused)} of ${formatCountOf(all, 'client')} ${were(refused)} refused, ${formatCount(connected)} connected: the report’s error is not a certainty, it is a race between two threads.`;
  }
  if (refused > 0) {
    return `${allOf(refused, all)} refused, as in the report: the client called connect() before the server listened. It is a race: set a pause, and look again.`;
  }
  const connectedAll = allOf(connected, all);
  return pauseMs > 0
    ? `${connectedAll} connected: with a start of ${formatDuration(pauseMs * 1_000)} the server listened in time. Without it, it is a race.`
    : `${connectedAll} connected: this time the server was always first. The report saw an error; nothing promises either, it is a race.`;
}

/** "All 60 clients were", "3 of 4 clients were", "The one client was". */
function allOf(count: number, all: number): string {
  if (count < all) return `${formatCount(count)} of ${formatCountOf(all, 'client')} ${were(count)}`;
  return count === 1 ? 'The one client was' : `All ${formatCount(count)} clients were`;
}

function timeWaitSentences({ connected, timeWait: { client, server, none } }: RaceResult): readonly string[] {
  const seen = client + server;
  if (seen === 0) return none > 0 ? ['Neither end of a connection was seen in TIME_WAIT.'] : [];
  const side = server >= client ? 'server' : 'client';
  if (seen === connected && (client === 0 || server === 0)) {
    const which = connected === 1 ? 'the connection' : `all ${formatCount(connected)} connections`;
    return [`TIME_WAIT stayed on the ${side}’s side of ${which}, because the ${side} closed first.`];
  }
  return [
    `TIME_WAIT was seen on the server’s side ${formatCountOf(server, 'time')}, on the client’s ${formatCountOf(client, 'time')}.`,
  ];
}

/** Which ports the clients got, from which range, and why; empty where no client got one. */
export function portsSentences(result: PortsResult): readonly string[] {
  const { clientPorts: ports, serverPort, range, platform } = result;
  if (ports.length === 0) return [];
  const different = new Set(ports).size;
  const parity = parityOf(ports);
  const from = range === undefined ? '' : ` from ${range.from}–${range.to}`;
  const server = serverPort === undefined ? '' : `; the server stayed at ${serverPort}`;
  const sentences = [
    ...cutShort(result, ports.length, 'run'),
    `${formatCountOf(ports.length, 'run')} got ${formatCountOf(different, different === 1 ? 'port' : 'different port')}${from}, ${parityWords(parity)}${server}.`,
  ];
  // Linux prefers the parity of the range's first port (net/ipv4/inet_hashtables.c): even, unless the range was changed.
  const prefersEven = platform === 'linux' && (range === undefined || range.from % 2 === 0);
  if (prefersEven && parity.even > parity.odd && ports.length > 1) {
    const mostly = parity.odd === 0 ? 'Even' : 'Mostly even';
    sentences.push(
      `${mostly}, because since version 4.2 Linux looks among the even ports first for connect() and leaves the odd ones to bind().`,
    );
  }
  return sentences;
}

/** How many of the ports are even, and how many odd. */
export function parityOf(ports: readonly number[]): { readonly even: number; readonly odd: number } {
  const even = ports.filter((port) => port % 2 === 0).length;
  return { even, odd: ports.length - even };
}

function parityWords({ even, odd }: { readonly even: number; readonly odd: number }): string {
  if (even + odd === 1) return even === 1 ? 'an even one' : 'an odd one';
  if (odd === 0) return 'all even';
  if (even === 0) return 'all odd';
  return `${formatCount(even)} even and ${formatCount(odd)} odd`;
}

/** How many of the rounds were run, where the run did not complete. */
function cutShort({ asked, completed }: Rounds, done: number, one: string): readonly string[] {
  return completed || asked <= done
    ? []
    : [`${formatCount(done)} of ${formatCountOf(asked, one)} ${were(done)} done.`];
}

function were(count: number): string {
  return count === 1 ? 'was' : 'were';
}

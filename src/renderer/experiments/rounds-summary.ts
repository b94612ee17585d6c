// The sentences at the end of a race and of a run of ports, made from the trace's own numbers.

import type { RunEnded, TraceEvent } from '../../shared/trace/fact.ts';
import type { Tally } from '../scene/round-outcomes.ts';
import { outcomesOf, tallyAt } from '../scene/round-outcomes.ts';
import { parityOf } from './ports/port-plot.ts';
import { roundsOf } from '../scene/rounds.ts';
import { formatCount, formatCountOf, formatDuration } from '../../shared/format.ts';

/** What the rounds came to, compared with the report; empty where no round was run. */
export function raceSentences(facts: readonly TraceEvent[], ended: RunEnded): readonly string[] {
  const tally = tallyAt(outcomesOf(roundsOf(facts)), Infinity);
  const [started] = facts;
  if (tally.connected + tally.refused === 0) return [];
  const pauseMs = started?.kind === 'run-started' ? (started.pauseMs ?? 0) : 0;
  return [
    ...cutShort(started, tally.all, ended, 'round'),
    outcomeSentence(tally, pauseMs),
    ...(tally.other === 0 ? [] : [`${formatCountOf(tally.other, 'round')} ended another way.`]),
    ...timeWaitSentences(tally),
  ];
}

function outcomeSentence({ connected, refused, all }: Tally, pauseMs: number): string {
  if (connected > 0 && refused > 0) {
    return `${formatCount(refused)} of ${formatCountOf(all, 'client')} ${were(refused)} refused, ${formatCount(connected)} connected: the report’s error is not a certainty, it is a race between two threads.`;
  }
  if (refused > 0) {
    return `${allOf(refused, all)} refused, as in the report: the client called connect() before the server listened. Set a pause, and look again.`;
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

function timeWaitSentences({ connected, timeWait: { client, server, none } }: Tally): readonly string[] {
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

/** Which ports the runs were given, from where, and why; empty where no client was given one. */
export function portsSentences(facts: readonly TraceEvent[], ended: RunEnded): readonly string[] {
  const outcomes = outcomesOf(roundsOf(facts));
  const ports = outcomes.flatMap(({ clientPort }) => (clientPort === undefined ? [] : [clientPort.value]));
  if (ports.length === 0) return [];
  const [started] = facts;
  const range = facts.find((event) => event.kind === 'ephemeral-range-read');
  const listening = facts.find((event) => event.kind === 'listening');
  const different = new Set(ports).size;
  const parity = parityOf(ports);
  const from = range === undefined ? '' : ` from ${range.from}–${range.to}`;
  const server = listening === undefined ? '' : `; the server stayed at ${listening.local.port}`;
  const sentences = [
    ...cutShort(started, ports.length, ended, 'run'),
    `${formatCountOf(ports.length, 'run')} got ${formatCountOf(different, different === 1 ? 'port' : 'different port')}${from}, ${parityWords(parity)}${server}.`,
  ];
  const onLinux = started?.kind === 'run-started' && started.runtime.platform === 'linux';
  if (onLinux && parity.even > parity.odd && ports.length > 1) {
    const mostly = parity.odd === 0 ? 'Even' : 'Mostly even';
    sentences.push(
      `${mostly}, because since version 4.2 Linux looks among the even ports first for connect() and leaves the odd ones to bind().`,
    );
  }
  return sentences;
}

function parityWords({ even, odd }: { readonly even: number; readonly odd: number }): string {
  if (even + odd === 1) return even === 1 ? 'an even one' : 'an odd one';
  if (odd === 0) return 'all even';
  if (even === 0) return 'all odd';
  return `${formatCount(even)} even and ${formatCount(odd)} odd`;
}

/** How many of the rounds were run, where the run did not come to its end. */
function cutShort(
  started: TraceEvent | undefined,
  done: number,
  { outcome }: RunEnded,
  one: string,
): readonly string[] {
  const asked = started?.kind === 'run-started' ? (started.rounds ?? 0) : 0;
  return outcome === 'completed' || asked <= done
    ? []
    : [`${formatCount(done)} of ${formatCountOf(asked, one)} ${were(done)} done.`];
}

function were(count: number): string {
  return count === 1 ? 'was' : 'were';
}

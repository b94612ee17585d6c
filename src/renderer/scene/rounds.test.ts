import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../shared/trace/fact.ts';
import { endsAt } from './peers.ts';
import { buildLadder } from './ladder.ts';
import type { ProgramOptions } from '../../shared/experiments/programs/program.ts';
import { programsOf } from '../../shared/experiments/programs/programs.ts';
import { litLines } from '../experiments/lit-lines.ts';
import { litTexts } from '../experiments/lit-texts-for-tests.ts';
import { programOptions } from '../experiments/program-options.ts';
import { SETTINGS } from '../experiments/settings-for-tests.ts';
import { portsRun, raceRun } from './round-facts-for-tests.ts';
import type { Round } from './rounds.ts';
import { prologueOf, roundAt, roundsOf } from './rounds.ts';

function roundIn(facts: readonly TraceEvent[], number: number): Round {
  const found = roundsOf(facts)[number - 1];
  if (found === undefined) throw new Error(`no round ${number}`);
  return found;
}

describe('the rounds of a run', () => {
  const facts = portsRun([40_002, 40_004, 40_006]);

  it('share out all facts between the first one’s beginning and the run’s end', () => {
    const rounds = roundsOf(facts);
    expect(rounds.map((round) => round.round)).toEqual([1, 2, 3]);
    const all = [...prologueOf(facts), ...rounds.flatMap((round) => round.facts)];
    expect(all).toEqual(facts.slice(0, -1));
  });

  it('stand at the cursor from their beginning to the next one’s', () => {
    const rounds = roundsOf(facts);
    const second = roundIn(facts, 2);
    expect(roundAt(rounds, 1)).toBeUndefined();
    expect(roundAt(rounds, second.seq - 0.5)?.round).toBe(1);
    expect(roundAt(rounds, second.seq)?.round).toBe(2);
    expect(roundAt(rounds, Infinity)?.round).toBe(3);
  });

  it('are none where no round begins, and all facts come before them', () => {
    const without = facts.filter((event) => event.kind !== 'round-started');
    expect(roundsOf(without)).toEqual([]);
    expect(prologueOf(without)).toBe(without);
  });
});

describe('one round’s picture', () => {
  it('keeps a server that stays, with its port and its lifeline, and draws its opening no second time', () => {
    const facts = portsRun([40_002, 40_004]);
    const second = roundIn(facts, 2);
    const ladder = buildLadder(second.facts, prologueOf(facts));
    expect(ladder.rows.some((row) => row.event.kind === 'listening')).toBe(false);
    const { client, server } = endsAt(ladder.landmarks, second.seq);
    expect(client.state).toBe('not there yet');
    expect(server).toMatchObject({ state: 'listening', endpoint: { port: 50_007 } });
    expect(server.aliveFrom).toBeLessThan(second.seq);
  });

  it('counts the client of each round as our own, and no other client', () => {
    const facts = portsRun([40_002, 40_004]);
    for (const number of [1, 2]) {
      const { rows, others } = buildLadder(roundIn(facts, number).facts);
      expect(rows.filter((row) => row.otherClient !== undefined)).toEqual([]);
      expect(others).toEqual([]);
    }
  });

  it('infers the answer to a SYN behind the fact that the server listens, where the client called first', () => {
    const late = roundIn(raceRun(['server']), 1).facts;
    const isCall = ({ kind }: TraceEvent): boolean => kind === 'client-created' || kind === 'connect-called';
    const called = late.filter(isCall);
    const [begins, ...rest] = late.filter((event) => !isCall(event));
    if (begins === undefined) throw new Error('a round begins');
    const reordered = [begins, ...called, ...rest].map((event, index) => ({ ...event, seq: index + 1 }));
    const listening = reordered.find((event) => event.kind === 'listening')?.seq ?? NaN;
    const arrows = buildLadder(reordered).arrows.filter((arrow) => arrow.label !== 'FIN');
    expect(arrows.map((arrow) => arrow.label)).toEqual(['SYN', 'SYN, ACK', 'ACK']);
    for (const arrow of arrows) {
      expect(arrow.leavesAt).toBeGreaterThan(listening);
      expect(arrow.arrivesAt).toBeLessThan(listening + 1);
    }
  });

  it('infers the refusal before the server listens, although the client was notified later', () => {
    const facts = roundIn(raceRun(['refused']), 1).facts;
    const called = facts.find((event) => event.kind === 'connect-called')?.seq ?? NaN;
    const { arrows, failures } = buildLadder(facts);
    expect(arrows.map((arrow) => arrow.label)).toEqual(['SYN', 'RST']);
    for (const arrow of arrows) expect(arrow.arrivesAt).toBeLessThan(called + 1);
    expect(failures).toHaveLength(1);
  });

  it('lights both threads of the race, and keeps the server of a later round at its last call', () => {
    const race = raceRun(['server']);
    const options = (facts: readonly TraceEvent[]): ProgramOptions =>
      programOptions({
        settings: SETTINGS,
        facts,
        round: undefined,
        inputName: 'in-proj.txt',
        resultName: undefined,
      });
    const accepted = race.find((event) => event.kind === 'accepted')?.seq ?? NaN;
    const ofRace = programsOf('race', 'Python', options(race));
    expect(litTexts(race, accepted, ofRace)).toEqual([
      'cs.connect(("127.0.0.1", 50007))',
      'conn, addr = ss.accept()',
    ]);

    const facts = portsRun([40_002, 40_004]);
    const second = roundIn(facts, 2);
    const ofPorts = programsOf('ports', 'Python', options(facts));
    const before = litLines([...prologueOf(facts), ...second.facts], second.seq, ofPorts);
    expect(litTexts([...prologueOf(facts), ...second.facts], second.seq, ofPorts)[1]).toBe('ss.listen(1)');
    expect(before.client).toBeUndefined();
  });
});

import { expect, it } from 'vitest';

import type { TraceEvent } from '../../shared/trace/fact.ts';
import { recordedOf, recordedWords } from './recorded.ts';

const started: TraceEvent = {
  seq: 1,
  atUs: 0,
  kind: 'run-started',
  seenBy: 'program',
  format: 2,
  experiment: 'welcome',
  startedAt: '2026-11-23T12:00:00.000Z',
  runtime: { app: '1.2.3', node: '22.1.0', platform: 'linux', arch: 'x64' },
  requested: { address: '127.0.0.1', port: 0 },
  options: {},
  input: { name: 'greeting', bytes: 5 },
};
const named: TraceEvent = {
  seq: 2,
  atUs: 1,
  kind: 'host-named',
  seenBy: 'program',
  peer: 'server',
  hostName: 'lab\u202e3',
};

function wordsOf(...facts: readonly TraceEvent[]): string {
  const recorded = recordedOf(facts);
  return recorded === undefined ? 'unknown' : recordedWords(recorded);
}

it('says when, on which system and by which program a run was recorded', () => {
  expect(wordsOf(started)).toMatch(
    /^2[234] Nov 2026, \d\d:\d\d:00, on linux x64, by SocketScope 1.2.3 with Node.js 22.1.0$/,
  );
});

it('names the host only where the trace does, and lets no name turn the sentence round', () => {
  expect(wordsOf(started, named)).toContain('on lab');
  expect(wordsOf(started, named)).toContain('(linux x64)');
  expect(wordsOf(started, named)).not.toContain('\u202e');
});

it('says nothing of a run of which no fact is there', () => {
  expect(wordsOf()).toBe('unknown');
});

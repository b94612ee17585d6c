// A run file may come from anybody: whatever its facts hold, once they are parsed the picture can be drawn of them.

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { NO_COUNTS } from '../../shared/trace/counts.ts';
import { TRACE_FORMAT } from '../../shared/trace/fact.ts';
import type { PortHolder } from '../../shared/trace/fact.ts';
import { EXPERIMENT_NAMES } from '../../shared/experiments/definitions.ts';
import { LANGUAGES } from '../../shared/experiments/programs/program.ts';
import { programsOf } from '../../shared/experiments/programs/programs.ts';
import type { FactKind, TraceEvent } from '../../shared/trace/fact.ts';
import { parseFactAnywhere } from '../../shared/trace/json-lines.ts';
import { boundaryPictures, givenBack } from '../experiments/boundaries/boundaries.ts';
import { boundariesSentences } from '../experiments/boundaries/summary.ts';
import { labelOf, sentenceOf } from './describe.ts';
import { sideOf } from '../../shared/trace/connection.ts';
import { foldLanes } from './lanes.ts';
import { endsAt, otherEndAt } from './peers.ts';
import { buildLadder, timeAt, yAt } from './ladder.ts';
import { ladderText } from './ladder-text.ts';
import { lettersAt } from './letter-motion.ts';
import { lineAt, lineRecords, stateAt } from './line-records.ts';
import { hexRows, preview, visibleBytes } from './octets.ts';
import { outcomesOf, tallyAt } from './round-outcomes.ts';
import { advance, PACES } from './pace.ts';
import { diagnosisAt, waitingFor } from './port-doctor.ts';
import { portPlot } from '../experiments/ports/port-plot.ts';
import { litLines } from '../experiments/lit-lines.ts';
import { programOptions } from '../experiments/program-options.ts';
import { SETTINGS } from '../experiments/settings-for-tests.ts';
import { prologueOf, roundsOf } from './rounds.ts';
import { summaryOf } from '../experiments/summary.ts';
import { timeMarksOf } from './time-marks.ts';
import { transcriptLines } from './transcript-lines.ts';

/** Every kind there is, so that the compiler asks for a new one here. */
const KINDS: Readonly<Record<FactKind, true>> = {
  'run-started': true,
  'ephemeral-range-read': true,
  'round-started': true,
  'program-started': true,
  'program-ended': true,
  'server-created': true,
  'host-named': true,
  'listen-called': true,
  listening: true,
  'client-created': true,
  'connect-called': true,
  connected: true,
  accepted: true,
  wrote: true,
  read: true,
  'line-transformed': true,
  'text-transformed': true,
  'line-received': true,
  'text-received': true,
  'port-examined': true,
  'port-awaited': true,
  'time-wait-examined': true,
  'queue-examined': true,
  slept: true,
  'end-called': true,
  'end-received': true,
  closed: true,
  'server-closed': true,
  failed: true,
  'detail-left-out': true,
  'other-clients-left-out': true,
  'run-ended': true,
};

const HOLDERS: Readonly<Record<PortHolder['what'], true>> = {
  listener: true,
  'time-wait': true,
  connection: true,
  unknown: true,
};

const junk = fc.oneof(
  fc.constantFrom(null, [], {}, '', 0, -1, true, 'toString', '__proto__', ['QQ=='], { text: 'x' }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Mostly what belongs there. */
function orJunk<Value>(good: fc.Arbitrary<Value>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 30, arbitrary: good }, { weight: 1, arbitrary: junk });
}

/** An object of some of these fields. */
function some(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  return fc.record(Object.fromEntries(Object.entries(fields).map(([name, good]) => [name, orJunk(good)])), {
    requiredKeys: [],
  });
}

const number = fc.oneof(fc.nat(3), fc.constantFrom(Number.MAX_SAFE_INTEGER, 2 ** 31, 2 ** 32, 70_000));
const ordinal = fc.oneof(fc.integer({ min: 1, max: 2 }), fc.constant(Number.MAX_SAFE_INTEGER));
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '\u202e\0'));
const port = fc.nat(65_535);
const endpoint = fc.record({ address: orJunk(text), port: orJunk(port) });
const bytes = fc.oneof(
  fc.record({ text }),
  fc.record({
    base64: fc.uint8Array({ maxLength: 8 }).map((octets) => btoa(String.fromCharCode(...octets))),
  }),
  some({ text, base64: fc.constant('QQ=='), leftOutBytes: number }),
);
const owner = { pid: ordinal, program: text };
const holder = fc.record(
  {
    what: orJunk(fc.constantFrom(...Object.keys(HOLDERS))),
    local: orJunk(endpoint),
    remote: orJunk(endpoint),
    secondsLeft: orJunk(number),
    why: orJunk(text),
    ...owner,
  },
  { requiredKeys: ['what', 'local', 'remote', 'why'] },
);
const side = fc.constantFrom('client', 'server');
const peer = fc.oneof(fc.constantFrom('client', 'server', 'server-2', 'program', '__proto__'), text);
const options = some({
  by: fc.constantFrom('grapheme', 'codepoint', 'byte'),
  transform: fc.constantFrom('reverse', 'upper-case', 'swap-case'),
  maxLineBytes: fc.constantFrom(1, 67_108_864),
  inFlight: ordinal,
  rounds: ordinal,
  runs: ordinal,
  pauseMs: number,
  startAfterMs: fc.constantFrom(-1_000, 0, Number.MAX_SAFE_INTEGER),
  handOver: fc.constantFrom('a-write-a-line', 'all-at-once', 'byte-by-byte', 'inside-a-character'),
  readWhen: fc.constantFrom('late', 'after-each-write'),
  takenBy: fc.constantFrom('listener', 'time-wait'),
});

/** The fields of all kinds at once: parsing a kind keeps its own. */
const fields: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  kind: fc.constantFrom(...Object.keys(KINDS)),
  seenBy: fc.constantFrom('program', 'kernel'),
  format: fc.constant(TRACE_FORMAT),
  experiment: fc.constantFrom(...EXPERIMENT_NAMES),
  startedAt: fc.constantFrom('2026-01-31T12:00:00.000Z', '2026-99-99T99:99:99.999Z'),
  runtime: fc.constant({ app: '', node: '\u001b[2J', platform: '__proto__', arch: '' }),
  requested: endpoint,
  options,
  input: fc.record({ name: text, bytes: number }),
  from: port,
  to: port,
  source: text,
  round: ordinal,
  program: text,
  pid: ordinal,
  hostName: text,
  local: endpoint,
  remote: endpoint,
  side,
  peer,
  connection: ordinal,
  offset: number,
  bytes: number,
  data: bytes,
  by: fc.constantFrom('grapheme', 'codepoint', 'byte'),
  validUtf8: fc.boolean(),
  port,
  holder,
  ms: number,
  hadError: fc.boolean(),
  problem: fc.record({
    code: fc.constantFrom('port-in-use', 'connection-refused', 'line-too-long', 'toString'),
    message: text,
    detail: some({
      errorCode: text,
      errno: number,
      syscall: text,
      ...owner,
      address: text,
      port,
      line: ordinal,
    }),
  }),
  reason: text,
  facts: number,
  lines: number,
  outcome: fc.constantFrom('completed', 'failed', 'cancelled'),
  linesSent: number,
  linesReceived: number,
  resultBytes: number,
  linesByByte: number,
};
const fieldsOfSome: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  line: ordinal,
  late: fc.constant(true),
  framing: fc.constantFrom('each-read', 'whole-stream', 'newlines'),
  handOver: fc.constantFrom('a-write-a-line', 'all-at-once', 'byte-by-byte', 'inside-a-character'),
  version: text,
  exitCode: number,
  address: text,
  found: fc.record({ side, local: endpoint, remote: endpoint }),
};

const hostileFact = fc
  .record({ ...fields, ...fieldsOfSome }, { requiredKeys: Object.keys(fields) })
  .chain((fact) =>
    fc.tuple(fc.constant(fact), fc.option(fc.tuple(fc.constantFrom(...Object.keys(fact)), junk))),
  )
  .map(([fact, change]) => (change === null ? fact : { ...fact, [change[0]]: change[1] }));

/** What is parsed of such facts, numbered with gaps. */
function parsedOf(hostile: readonly object[]): readonly TraceEvent[] {
  let seq = 0;
  return hostile.flatMap((fact, index) => {
    seq += index % 7 === 6 ? 1_000 : 1;
    const parsed = parseFactAnywhere(JSON.stringify({ ...fact, seq, atUs: index }));
    return parsed.ok ? [parsed.value] : [];
  });
}

/** Everything that the window's panels compute before they draw, the cursor standing at each of the facts. */
function draw(facts: readonly TraceEvent[]): void {
  const transform = 'reverse';
  const ladder = buildLadder(facts);
  const rounds = roundsOf(facts);
  const outcomes = outcomesOf(rounds);
  for (const round of rounds) buildLadder(round.facts, prologueOf(facts));
  const records = lineRecords(facts);
  const pictures = boundaryPictures(facts);
  transcriptLines(facts);
  timeMarksOf(facts);
  summaryOf(ladder.landmarks, { ...NO_COUNTS, facts: facts.length }, records, facts);
  boundariesSentences(facts);
  waitingFor(facts);
  for (const stage of ladder.stages) lettersAt(stage, 0.5);
  for (const picture of pictures) for (const lane of picture.lanes) givenBack(lane, picture, 1_000, true);
  const options = programOptions({
    settings: SETTINGS,
    facts,
    round: rounds[0],
    inputName: 'in-proj.txt',
    resultName: undefined,
  });
  const programs = EXPERIMENT_NAMES.flatMap((experiment) =>
    LANGUAGES.map((language) => programsOf(experiment, language, options)),
  );
  for (const event of facts) {
    const cursor = event.seq - 0.5;
    for (const language of LANGUAGES) labelOf(event, transform, language);
    sentenceOf(event);
    sideOf(event);
    yAt(ladder, cursor);
    timeAt(facts, cursor);
    ladderText(ladder, cursor, 20, transform);
    endsAt(ladder.landmarks, cursor);
    for (const lane of [...ladder.others, ...foldLanes(ladder.others, 1)]) otherEndAt(lane, cursor);
    lineAt(facts, cursor, records.size);
    for (const record of records.values()) stateAt(record, cursor);
    tallyAt(outcomes, cursor);
    portPlot({ outcomes, asked: 3, history: [] }, cursor, 100);
    diagnosisAt(ladder.landmarks, cursor);
    for (const { pace } of PACES) advance(facts, cursor, 16, pace);
    for (const each of programs) litLines(facts, cursor, each);
    if ((event.kind === 'wrote' || event.kind === 'read') && event.data !== undefined) {
      preview(event.data, 40);
      visibleBytes(event.data);
      hexRows(event.data.bytes, 64);
    }
  }
}

it('draws whatever facts are parsed, of whatever values', () => {
  const drawn = new Set<string>();
  fc.assert(
    fc.property(fc.array(hostileFact, { minLength: 1, maxLength: 12 }), (hostile) => {
      const facts = parsedOf(hostile);
      for (const { kind } of facts) drawn.add(kind);
      draw(facts);
    }),
    { numRuns: 400 },
  );
  // The property is about something: facts of every kind came through.
  expect([...drawn].sort()).toEqual(Object.keys(KINDS).sort());
}, 60_000);

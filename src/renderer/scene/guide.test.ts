import { expect, it } from 'vitest';

import { endsAt } from './peers.ts';
import { WHOLE_RUN } from './facts-for-tests.ts';
import type { CursorState, GuideScene, GuideStep } from './guide.ts';
import {
  GUIDE_TASKS,
  guideLine,
  guideStepAt,
  guideWords,
  standsAtLine,
  stepNumber,
  isManualMove,
} from './guide.ts';

const LAST = WHOLE_RUN.length;
const PAUSED: CursorState = { cursor: 5, playing: false, following: false };
const PLAYING: CursorState = { ...PAUSED, playing: true };

const SCENE: GuideScene = {
  input: { name: 'in-proj.txt', sample: true },
  ends: endsAt(WHOLE_RUN, Infinity),
  linesSent: 7,
  settled: true,
  resultName: 'out-proj.txt',
  transform: 'reverse',
  saveKey: 'Ctrl+S',
};

function textOf(step: GuideStep, scene: Partial<GuideScene> = {}): string {
  return guideWords(step, { ...SCENE, ...scene })
    .pieces.map((piece) => (typeof piece === 'string' ? piece : 'key' in piece ? piece.key : piece.name))
    .join('');
}

it('goes from step to step as they are done, and ends with where to go next', () => {
  expect(GUIDE_TASKS.map((_, count) => guideStepAt(GUIDE_TASKS.slice(0, count), true))).toEqual(GUIDE_TASKS);
  expect(guideStepAt(GUIDE_TASKS, true)).toBe('farewell');
  expect(['run' as const, ...GUIDE_TASKS, 'farewell' as const].map(stepNumber)).toEqual([
    1,
    2,
    3,
    4,
    5,
    undefined,
  ]);
});

it('asks for a run as long as none is shown, whatever was done before', () => {
  expect(guideStepAt([], false)).toBe('run');
  expect(guideStepAt(['time', 'line'], false)).toBe('run');
});

it('asks for nothing that was done early', () => {
  expect(guideStepAt(['result'], true)).toBe('time');
  expect(guideStepAt(['result', 'time', 'line', 'ports'], true)).toBe('farewell');
});

it.each<[string, CursorState, CursorState]>([
  ['a pause', PLAYING, PAUSED],
  ['a pause while it follows a run', { ...PAUSED, following: true }, PAUSED],
  ['a step', PAUSED, { ...PAUSED, glideTo: 6 }],
  ['a step while it plays', PLAYING, { ...PAUSED, glideTo: 6 }],
  ['a step onto the last fact', { ...PLAYING, cursor: LAST - 0.5 }, { ...PAUSED, glideTo: LAST }],
  ['a step back, or one without motion', PAUSED, { ...PAUSED, cursor: 4 }],
])('counts %s as a move by the person', (_, before, after) => {
  expect(isManualMove(before, after, LAST)).toBe(true);
});

it.each<[string, CursorState, CursorState]>([
  ['playing on', PLAYING, { ...PLAYING, cursor: 6 }],
  ['a new run', PAUSED, { ...PLAYING, cursor: 0 }],
  ['playing that came to the end', PLAYING, { ...PAUSED, cursor: LAST }],
  ['a followed run that ended', { ...PAUSED, following: true }, { ...PAUSED, cursor: LAST }],
  ['the end of a step', { ...PAUSED, glideTo: 6 }, { ...PAUSED, cursor: 6 }],
  ['a selected fact', PAUSED, { ...PAUSED, selectedSeq: 3 }],
])('does not count %s as a move by the person', (_, before, after) => {
  expect(isManualMove(before, after, LAST)).toBe(false);
});

it('finds the cursor at line 2 from its reversal at the server to its return, and nowhere else', () => {
  const there = WHOLE_RUN.filter(({ seq }) => standsAtLine(WHOLE_RUN, 2, { ...PAUSED, cursor: seq }));
  expect(there.map(({ kind }) => kind)).toEqual(['line-transformed', 'wrote', 'line-received']);
  expect(there.every((event) => 'line' in event && event.line === 2)).toBe(true);
  const otherClients = WHOLE_RUN.map((event) => ('line' in event ? { ...event, connection: 2 } : event));
  expect(otherClients.some(({ seq }) => standsAtLine(otherClients, 2, { ...PAUSED, cursor: seq }))).toBe(
    false,
  );
});

it('finds it at a selected fact too, but not while the cursor moves or stands between two facts', () => {
  const seq = WHOLE_RUN.find((event) => event.kind === 'line-received' && event.line === 2)?.seq ?? 0;
  expect(standsAtLine(WHOLE_RUN, 2, { ...PAUSED, selectedSeq: seq })).toBe(true);
  expect(standsAtLine(WHOLE_RUN, 2, { ...PLAYING, cursor: seq })).toBe(false);
  expect(standsAtLine(WHOLE_RUN, 2, { ...PAUSED, cursor: seq, glideTo: seq + 1 })).toBe(false);
  expect(standsAtLine(WHOLE_RUN, 2, { ...PAUSED, cursor: seq + 0.5 })).toBe(false);
});

it('says in each step what to do, with the names and numbers of this run', () => {
  expect(textOf('run')).toBe('Press Run the sample, or drop your in-proj.txt anywhere.');
  expect(textOf('time')).toContain('Space plays and pauses, ← and → step.');
  expect(textOf('line')).toBe(
    'Click line 2 in the table, or step to the moment at which the server has it reversed.',
  );
  expect(textOf('ports')).toBe(
    'The kernel picked the client’s port, 41794, and may pick another next time; the server stays at 50007.',
  );
  expect(textOf('result')).toBe('Save out-proj.txt with Ctrl+S, or drag it out of the window.');
  expect(textOf('run', { input: { name: 'mine.txt', sample: false } })).toContain('Run mine.txt');
  expect(textOf('line', { transform: 'upper-case' })).toMatch(/has it in upper case\.$/);
  expect(textOf('line', { linesSent: guideLine(1) })).toContain('line 1');
});

it('says that a server that asked for any port got one', () => {
  const { client, server } = SCENE.ends;
  expect(textOf('ports', { ends: { client, server: { ...server, requestedPort: 0 } } })).toBe(
    'The kernel picked both ports, 41794 for the client and 50007 for a server that asked for any.',
  );
});

it('lets a person go on where the run leaves nothing to do, and waits while it may still come', () => {
  const { input, ends, settled, transform, saveKey } = SCENE;
  const nothing = { input, ends, settled, transform, saveKey, linesSent: 0 };
  expect(guideWords('line', nothing).next).toBe('Next');
  expect(guideWords('result', nothing).next).toBe('Next');
  expect(guideWords('line', { ...nothing, settled: false }).next).toBeUndefined();
  expect(guideWords('result', { ...nothing, settled: false }).next).toBeUndefined();
  expect(textOf('ports', { ends: endsAt([], 0) })).not.toMatch(/\d/);
  for (const step of ['run', 'time', 'line', 'result'] as const) {
    expect(guideWords(step, SCENE).next).toBeUndefined();
  }
});

// A cancel ends every wait of a run, also for work that does not accept its signal.

import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeEach, describe, expect, it } from 'vitest';

import type { Result } from '../../../shared/result.ts';
import { openInput } from '../../files/input-file.ts';
import { runBoundariesExperiment } from './boundaries.ts';
import { runFileExperiment } from './file.ts';
import { readEphemeralRange, readHostName } from '../../system/host-facts.ts';
import { runInUseExperiment } from './in-use.ts';
import { runRaceExperiment } from './race.ts';
import {
  emit,
  kinds,
  of,
  OPTIONS,
  otherProgram,
  temporaryFolder,
  watched,
} from '../watched-run-for-tests.ts';

let folder = '';
let inputPath = '';

beforeEach(async () => {
  folder = await temporaryFolder();
  inputPath = join(folder, 'in-proj.txt');
  await writeFile(inputPath, 'HELLO\nWelcome\n');
});

/** Never resolves; the run is cancelled while it waits for it. */
function noAnswer(): Promise<never> {
  setImmediate(() => {
    watched.controller.abort();
  });
  return new Promise(() => undefined);
}

/** The run had ended when it resolved, and emits nothing afterwards. */
async function expectCancelled(run: Promise<Result<unknown>>, outcome = 'cancelled'): Promise<void> {
  expect((await run).ok).toBe(false);
  expect(watched.controller.signal.aborted).toBe(true);
  expect(watched.facts.at(-1)).toMatchObject({ kind: 'run-ended', outcome });
  expect(of('server-closed')).toHaveLength(of('server-created').length);
  expect(of('closed')).toHaveLength(of('accepted').length + of('connected').length);
}

describe('a cancel ends the wait', () => {
  it('for the printing of the lines of a file', async () => {
    const files = { inputPath, resultPath: join(folder, 'out-proj.txt') };
    await expectCancelled(
      runFileExperiment({ ...OPTIONS, ...files, afterLine: noAnswer }, emit, watched.controller.signal),
    );
    expect(kinds().filter((kind) => kind === 'line-received')).toHaveLength(1);
  });

  it('for the holder of the port before another program is started on it', async () => {
    const options = { ...OPTIONS, takenBy: 'time-wait', examinePort: noAnswer } as const;
    await expectCancelled(runInUseExperiment(options, emit, watched.controller.signal));
  });

  it('for the holder of the port of a race', async () => {
    const { port } = await otherProgram();
    const options = { ...OPTIONS, port, greeting: 'Hi', rounds: 2, pauseMs: 0, examinePort: noAnswer };
    // The port was the reason before it was cancelled.
    await expectCancelled(runRaceExperiment(options, emit, watched.controller.signal), 'failed');
  });

  it('for how many bytes wait in the kernel', async () => {
    await expectCancelled(
      runBoundariesExperiment(
        { ...OPTIONS, inputPath, handOvers: ['all-at-once'], readWhen: 'late', examineQueue: noAnswer },
        emit,
        watched.controller.signal,
      ),
    );
  });

  it('for the name of the host, which is not recorded then', async () => {
    const controller = new AbortController();
    const named = readHostName(controller.signal);
    controller.abort();
    expect(await named).toBeUndefined();
    expect(await readHostName(controller.signal)).toBeUndefined();
    // Where it is a file it is read all the same.
    if (process.platform !== 'linux') expect(await readEphemeralRange(controller.signal)).toBeUndefined();
  });

  it('for the end of a line that has a terabyte', async () => {
    await truncate(inputPath, 1024 ** 4);
    const input = await openInput(inputPath);
    if (!input.ok) throw new Error(input.problem.message);
    const controller = new AbortController();
    const lines = input.value.lines(100, controller.signal);
    // 'HELLO' and 'Welcome', and then what never ends.
    await lines.next();
    await lines.next();
    const rest = lines.next();
    controller.abort();
    expect(await rest).toEqual({ done: true, value: undefined });
    expect(input.value.problem()?.message).toContain('is more than 100 bytes long');
    await input.value.close();
  });

  it('for that end in a run, which failed because it was cancelled', async () => {
    await truncate(inputPath, 1024 ** 4);
    watched.onFact = (fact) => {
      if (fact.kind === 'line-received' && fact.line === 2)
        setImmediate(() => {
          watched.controller.abort();
        });
    };
    const files = { inputPath, resultPath: join(folder, 'out-proj.txt') };
    await expectCancelled(
      runFileExperiment({ ...OPTIONS, ...files, maxLineBytes: 100 }, emit, watched.controller.signal),
    );
    expect(of('failed')).toMatchObject([{ problem: { code: 'cancelled' } }]);
  });
});

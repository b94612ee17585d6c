import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { onOwnDisk } from '../../engine/files/own-disk-for-tests.ts';
import { createRunFolder } from '../../engine/runs/run-folder.ts';
import type { TakenBy } from '../../shared/trace/fact.ts';
import { experimentOf, type RunHow } from './run-request.ts';
import { sampleTextFor } from './sample.ts';
import { DEFAULT_SETTINGS } from '../settings/settings.ts';

const RUNTIME = { app: '0', node: '0', platform: 'linux', arch: 'x64' };

describe('the experiment of a request', () => {
  it('reads the built-in sample from the folder of the run, under the name that it has', async () => {
    const made = await createRunFolder('in-proj.txt');
    if (!made.ok) throw new Error(made.problem.message);
    const input = { name: 'in-proj.txt', bytes: 1 };
    const experiment = await experimentOf(
      { experiment: 'file', input },
      {},
      made.value,
      DEFAULT_SETTINGS,
      RUNTIME,
    );
    if (!experiment.ok || experiment.value.name !== 'file') throw new Error('no run of a file');
    const { inputPath, resultPath } = experiment.value.options;
    expect(await readFile(inputPath, 'utf8')).toBe(sampleTextFor('file'));
    expect(basename(inputPath)).toBe('in-proj.txt');
    expect(dirname(dirname(inputPath))).toBe(dirname(resultPath));
    await made.value.remove();
  });

  it('asks for the port that is set, but for what keeps its port from the next run', async () => {
    const made = await createRunFolder('run');
    if (!made.ok) throw new Error(made.problem.message);
    const portOf = async (
      experiment: 'welcome' | 'in-use',
      takenBy: TakenBy,
      how: RunHow = {},
    ): Promise<number | undefined> => {
      const settings = { ...DEFAULT_SETTINGS, port: 50_007, takenBy };
      const found = await experimentOf({ experiment }, how, made.value, settings, RUNTIME);
      return found.ok ? found.value.options.port : undefined;
    };
    expect(await portOf('welcome', 'time-wait')).toBe(50_007);
    expect(await portOf('in-use', 'listener')).toBe(50_007);
    expect(await portOf('in-use', 'time-wait')).toBe(0);
    expect(await portOf('in-use', 'time-wait', { port: 50_007, wait: true })).toBe(50_007);
    await made.value.remove();
  });

  it.each(['file', 'boundaries'])(
    'reports that there is no space for the sample of %s, and where, and leaves nothing behind',
    async (experiment) => {
      const place = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
      const report = onOwnDisk(
        { place, options: 'size=64k', first: '{ head -c 128k /dev/zero > full || true; } 2> why' },
        [
          "import { createRunFolder } from './src/engine/runs/run-folder.ts';",
          "import { experimentOf } from './src/main/documents/run-request.ts';",
          "import { DEFAULT_SETTINGS } from './src/main/settings/settings.ts';",
        ],
        `const made = await createRunFolder('in-proj.txt');
        const request = { experiment: '${experiment}', input: { name: 'in-proj.txt', bytes: 1 } };
        const experiment = await experimentOf(request, {}, made.value, DEFAULT_SETTINGS, ${JSON.stringify(RUNTIME)});
        await made.value.remove();
        return experiment;`,
      );
      expect(report).toMatchObject({
        outcome: {
          ok: false,
          problem: {
            code: 'disk-full',
            message: `There is no space left for temporary files in ${place}. Free some space on its disk, or start again with TMPDIR naming another folder.`,
            detail: { errorCode: 'ENOSPC', path: place },
          },
        },
        left: ['full', 'why'],
      });
      await rm(place, { recursive: true });
    },
  );
});

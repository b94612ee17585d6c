// All experiments one after the other on one port, as a person goes through them: what one leaves behind must not make a
// later one fail.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { EXPERIMENT_NAMES, OPTIONS, portFor } from '../../shared/experiments/definitions.ts';
import { defaultsOf, valuesOf } from '../../shared/experiments/options.ts';
import { findFreePort } from '../net/free-port.ts';
import { runExperiment } from './index.ts';
import { emit, OPTIONS as COMMON, temporaryFolder, watched } from './watched-run-for-tests.ts';

it.runIf(process.platform === 'linux')(
  'runs every experiment in the order of the list, twice on the same port',
  async () => {
    const folder = await temporaryFolder();
    const inputPath = join(folder, 'in-proj.txt');
    await writeFile(inputPath, 'HELLO\nna\u00efve\n');
    const free = await findFreePort(COMMON.host);
    if (!free.ok) throw new Error(free.problem.message);
    const ended: string[] = [];
    for (const time of ['first', 'second']) {
      for (const name of EXPERIMENT_NAMES) {
        for (const takenBy of name === 'in-use' ? valuesOf(OPTIONS.takenBy) : [OPTIONS.takenBy.default]) {
          const set = { ...defaultsOf(OPTIONS), port: free.value, takenBy, startAfterMs: -100, rounds: 3 };
          const options = {
            ...set,
            port: portFor(name, set),
            runtime: COMMON.runtime,
            handOvers: [set.handOver],
            inputPath,
            resultPath: join(folder, `out-${time}-${name}.txt`),
            openToNetwork: false,
          };
          const outcome = await runExperiment({ name, options }, emit, watched.controller.signal);
          ended.push(`${time} ${name} ${takenBy}: ${outcome.ok ? 'ok' : outcome.problem.message}`);
        }
      }
    }
    expect(ended).toEqual(ended.map((line) => line.replace(/: .*/, ': ok')));
    expect(ended).toHaveLength(2 * (EXPERIMENT_NAMES.length + 1));
  },
  60_000,
);

// A disk that becomes full while a run is recorded: the trace is kept as far as it goes, and says what is missing.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';

import { onOwnDisk } from '../files/own-disk-for-tests.ts';

const FOUND = z.object({
  outcome: z.object({ code: z.string(), kept: z.number(), leftOut: z.number(), lastKind: z.string() }),
});

it.runIf(process.platform === 'linux')(
  'keeps what fits of a run, how it ended, and how much is missing',
  async () => {
    const place = await mkdtemp(join(tmpdir(), 'full-'));
    try {
      const found = onOwnDisk(
        { place, options: 'size=512k' },
        [
          "import { setImmediate as turn } from 'node:timers/promises';",
          "import { createTraceWriter } from './src/engine/recording/trace-writer.ts';",
          "import { openTrace } from './src/engine/recording/trace-reader.ts';",
          "import { runEnded, runStarted } from './src/shared/trace/facts-for-tests.ts';",
        ],
        `
        const path = ${JSON.stringify(join(place, 'run.socketscope'))};
        const recorder = createTraceWriter({ path });
        recorder.emit(runStarted('file'));
        const lines = 20_000;
        for (let line = 1; line <= lines; line += 1) {
          const on = { seenBy: 'program', peer: 'client', side: 'client', connection: 1 };
          const bytes = Buffer.alloc(40, 0x61);
          recorder.emit({ kind: 'wrote', ...on, offset: 40 * line, bytes: 40, data: { bytes }, line });
          if (line % 1_000 === 0) await turn();
        }
        recorder.emit(runEnded('completed'));
        const ended = await recorder.end();
        await recorder.log.close();
        const trace = await openTrace(path, path + '.packed');
        if (!trace.ok) throw new Error(trace.problem.message);
        let leftOut = 0;
        let kept = 0;
        let lastKind = '';
        for await (const some of trace.value.facts(1)) {
          if (!some.ok) throw new Error(some.problem.message);
          for (const fact of some.value) {
            kept += 1;
            lastKind = fact.kind;
            if (fact.kind === 'detail-left-out') leftOut += fact.facts;
          }
        }
        await trace.value.close();
        return { code: ended.ok ? 'none' : ended.problem.code, leftOut, kept, lastKind };
        `,
      );
      const { outcome } = FOUND.parse(found);
      expect(outcome).toMatchObject({ code: 'disk-full', lastKind: 'run-ended' });
      // Each fact was kept or counted.
      expect(outcome.kept + outcome.leftOut).toBeGreaterThanOrEqual(20_002);
      expect(outcome.kept).toBeGreaterThan(3_000);
      expect(outcome.leftOut).toBeGreaterThan(3_000);
    } finally {
      await rm(place, { recursive: true });
    }
  },
);

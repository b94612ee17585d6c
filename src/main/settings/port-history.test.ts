import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { PastPorts } from '../../shared/ipc.ts';
import type { Fact, TraceEvent } from '../../shared/trace/fact.ts';
import { runPortsExperiment } from '../../engine/experiments/run/ports.ts';
import { openPortHistory, collectPorts } from './port-history.ts';

let folder = '';
let path = '';
let warnings: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socketscope-test-'));
  path = join(folder, 'ports.json');
  warnings = [];
});
afterEach(() => rm(folder, { recursive: true }));

function warn(text: string): void {
  warnings.push(text);
}

/** The run of one minute, with so many client ports. */
function past(minute: number, ports: number): PastPorts {
  return {
    startedAt: `2026-01-31T12:${String(minute).padStart(2, '0')}:00.000Z`,
    serverPort: 50_007,
    clientPorts: Array.from({ length: ports }, (_none, at) => 32_768 + 2 * at),
    range: { from: 32_768, to: 60_999 },
  };
}

describe('the port history', () => {
  it('is empty at the first start, and reports nothing', () => {
    expect(openPortHistory(path, warn).runs).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('is there again at the next start, oldest first, with and without a range', async () => {
    const history = openPortHistory(path, warn);
    const { range, ...withoutRange } = past(2, 3);
    expect(range).toBeDefined();
    await Promise.all([history.add(past(1, 2)), history.add(withoutRange)]);
    expect(history.runs).toEqual([past(1, 2), withoutRange]);
    expect(openPortHistory(path, warn).runs).toEqual([past(1, 2), withoutRange]);
    expect(await readdir(folder)).toEqual(['ports.json']);
    expect(warnings).toEqual([]);
  });

  it('has a new run at once, before it is on the disk', async () => {
    const history = openPortHistory(path, warn);
    const added = history.add(past(1, 1));
    expect(history.runs).toEqual([past(1, 1)]);
    await added;
  });

  it('drops the oldest runs where there are more than 2,000 ports', async () => {
    const history = openPortHistory(path, warn);
    for (let minute = 0; minute < 10; minute += 1) await history.add(past(minute, 200));
    expect(history.runs).toHaveLength(10);
    await history.add(past(10, 1));
    expect(history.runs.map(({ startedAt }) => startedAt)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((minute) => past(minute, 1).startedAt),
    );
    await writeFile(path, JSON.stringify([past(1, 1), past(2, 1_000), past(3, 1_000)]));
    expect(openPortHistory(path, warn).runs).toEqual([past(2, 1_000), past(3, 1_000)]);
    expect(warnings).toEqual([]);
  });

  it('is cleared, also on the disk', async () => {
    const history = openPortHistory(path, warn);
    await history.add(past(1, 2));
    expect(await history.clear()).toEqual([]);
    expect(history.runs).toEqual([]);
    expect(openPortHistory(path, warn).runs).toEqual([]);
  });

  it.each([
    '',
    '[{"startedAt"',
    '{}',
    '[7]',
    JSON.stringify([{ ...past(1, 2), clientPorts: [70_000] }]),
    JSON.stringify([{ ...past(1, 2), startedAt: 'yesterday' }]),
  ])('keeps a damaged file aside and begins anew: %s', async (text) => {
    await writeFile(path, text);
    const history = openPortHistory(path, warn);
    expect(history.runs).toEqual([]);
    const names = await readdir(folder);
    expect(names).toEqual([expect.stringMatching(/^ports\.damaged-.*\.json$/)]);
    expect(await readFile(join(folder, names[0] ?? ''), 'utf8')).toBe(text);
    expect(warnings).toEqual([expect.stringContaining(`${path} is damaged`)]);
    await history.add(past(1, 1));
    expect(openPortHistory(path, warn).runs).toEqual([past(1, 1)]);
  });

  it('holds until the end of the app where the file cannot be written', async () => {
    await writeFile(path, '[]');
    const history = openPortHistory(join(path, 'no-folder'), warn);
    await history.add(past(1, 1));
    expect(history.runs).toEqual([past(1, 1)]);
    expect(warnings.at(-1)).toContain('cannot be written');
  });
});

describe('the ports of a run', () => {
  it('are those of its facts, in whatever batches they come', async () => {
    const ports = collectPorts();
    const facts: Fact[] = [];
    const outcome = await runPortsExperiment(
      {
        host: '127.0.0.1',
        port: 0,
        by: 'grapheme',
        maxLineBytes: 1,
        greeting: 'hi',
        runs: 3,
        runtime: { app: '0', node: process.version, platform: process.platform, arch: process.arch },
      },
      (fact) => facts.push(fact),
      new AbortController().signal,
    );
    const stamped: TraceEvent[] = facts.map((fact, at) => ({ ...fact, seq: at + 1, atUs: at }));
    ports.handle(stamped.slice(0, 5));
    ports.handle(stamped.slice(5));
    if (!outcome.ok) throw new Error(outcome.problem.message);
    const [first] = facts;
    const range = facts.find((fact) => fact.kind === 'ephemeral-range-read');
    expect(ports.pastPorts()).toEqual({
      startedAt: first?.kind === 'run-started' ? first.startedAt : '',
      serverPort: outcome.value.server.port,
      clientPorts: outcome.value.clientPorts,
      ...(range === undefined ? {} : { range: { from: range.from, to: range.to } }),
    });
  });

  it('are none where no client was connected', () => {
    expect(collectPorts().pastPorts()).toBeUndefined();
  });
});

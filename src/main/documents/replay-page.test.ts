import { describe, expect, it } from 'vitest';
import { parseReplay, type Replay } from '../../shared/replay.ts';
import { NO_COUNTS } from '../../shared/trace/counts.ts';
import { TRACE_FORMAT, type Fact } from '../../shared/trace/fact.ts';
import { FactEncoder, factsOf } from '../../shared/trace/packed.ts';
import { bytesOfText } from '../../shared/trace/recorded-bytes.ts';
import { replayPage } from './replay-page.ts';

const HOSTILE =
  '</script><script>alert(1)</script><!--run--><!--title--> $& \u2028\u2029 <img src=x onerror=alert(1)>';
const TEMPLATE =
  '<title><!--title--></title><script type="application/json" id="run"><!--run--></script><script>x</script>';

const START: Fact = {
  kind: 'run-started',
  seenBy: 'program',
  format: TRACE_FORMAT,
  experiment: 'file',
  startedAt: '2026-01-01T00:00:00.000Z',
  runtime: { app: HOSTILE, node: '20.19.0', platform: 'linux', arch: 'x64' },
  requested: { address: '127.0.0.1', port: 0 },
  options: { transform: 'reverse' },
  input: { name: HOSTILE, bytes: 12 },
};

const WROTE: Fact = {
  kind: 'wrote',
  seenBy: 'program',
  peer: 'client',
  side: 'client',
  connection: 1,
  offset: 0,
  bytes: new TextEncoder().encode(HOSTILE).length,
  line: 1,
  data: bytesOfText(HOSTILE),
};

function replay(): Replay {
  const encoder = new FactEncoder();
  encoder.append(START, 1, 0, false);
  encoder.append(WROTE, 2, 10.5, false);
  return {
    experiment: 'file',
    inputName: HOSTILE,
    inputBytes: 12,
    language: 'Node',
    counts: { ...NO_COUNTS, facts: 2, atUs: 10.5, linesSent: 1, connection: 1 },
    factsOfRun: 20_000,
    startAt: 1,
    landmarks: [{ ...START, seq: 1, atUs: 0 }],
    pages: [{ page: 0, parts: [encoder.facts], links: [] }],
  };
}

describe('replayPage', () => {
  it('carries a run through the page as it was', () => {
    const given = replay();
    const page = replayPage(TEMPLATE, 'A run', given);
    const text = /id="run">(.*?)<\/script>/s.exec(page)?.[1] ?? '';
    const parsed = parseReplay(text);
    expect(parsed).toEqual(given);
    const [part] = parsed.pages[0]?.parts ?? [];
    if (part === undefined) throw new Error('no facts');
    expect([...factsOf(part)]).toEqual([
      { ok: true, value: { ...START, seq: 1, atUs: 0 } },
      { ok: true, value: { ...WROTE, seq: 2, atUs: 10.5 } },
    ]);
  });

  it('lets nothing of the run become an element', () => {
    const page = replayPage(TEMPLATE, HOSTILE, replay());
    expect(page.match(/<[^>]*>/g)).toEqual([
      '<title>',
      '</title>',
      '<script type="application/json" id="run">',
      '</script>',
      '<script>',
      '</script>',
    ]);
    expect(page).not.toMatch(/[\u2028\u2029](?=[^<]*<\/script>)/);
    expect(page.endsWith('<script>x</script>')).toBe(true);
  });

  it('refuses a file that was changed', () => {
    expect(() => parseReplay('{"experiment":"else"}')).toThrow('This file was changed');
  });
});

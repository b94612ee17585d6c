// The bytes of lines that lie far apart in a run, such as the slowest ones: each is asked for by its facts, because their
// pages would be more than the window keeps.

import { useEffect, useState } from 'react';
import type { LineTime } from '../../shared/numbers/run-numbers.ts';
import type { RecordedBytes } from '../../shared/trace/fact.ts';
import type { LineRecord } from '../../shared/trace/line-follower.ts';
import { bridge } from './bridge.ts';
import { useRun } from './run.ts';

/** More than a row shows of a line. */
const LINE_BYTES = 2_000;

/** A scroll passes many lines: they are asked for when it has come to rest. */
const REST_MS = 120;

const MAX_KEPT = 2_000;

type Known = ReadonlyMap<number, LineRecord>;
const NOTHING: Known = new Map();

/** What the rows of these lines show, as far as it is here, by the `seq` of the client's write. */
export function useLinesOf(times: readonly LineTime[]): Known {
  const run = useRun((state) => state.info?.run);
  const [kept, setKept] = useState<{ readonly run: number; readonly known: Known }>();
  const known = kept !== undefined && kept.run === run ? kept.known : NOTHING;
  const missing = times.filter(({ sentSeq }) => !known.has(sentSeq));
  const key = missing.map(({ sentSeq }) => sentSeq).join(' ');
  useEffect(() => {
    if (run === undefined || missing.length === 0) return undefined;
    let isGone = false;
    const timer = setTimeout(() => {
      void Promise.all(missing.map((time) => recordOf(run, time))).then((records) => {
        if (isGone) return;
        setKept((before) => {
          const all = before?.run === run ? [...before.known] : [];
          for (const record of records) if (record !== undefined) all.push([record.sentSeq, record]);
          return { run, known: new Map(all.slice(-MAX_KEPT)) };
        });
      });
    }, REST_MS);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `key` stands for the lines that are missing
  }, [run, key]);
  return known;
}

/** The record of a line that came back; undefined where its bytes cannot be read. */
async function recordOf(run: number, time: LineTime): Promise<LineRecord | undefined> {
  const { line, us, sentSeq, repliedSeq, receivedSeq } = time;
  const [sent, reply] = await Promise.all([bytesOf(run, sentSeq), bytesOf(run, repliedSeq)]);
  if (sent === undefined) return undefined;
  return {
    ...{ line, sent, sentSeq, sentAtUs: 0, validUtf8: true, receivedSeq, receivedAtUs: us },
    ...(reply === undefined ? {} : { reply, repliedSeq }),
    ...{ readsThere: 0, readsBack: 0 },
  };
}

async function bytesOf(run: number, seq: number): Promise<RecordedBytes | undefined> {
  if (seq === 0) return undefined;
  const fact = await bridge.call('run:fact', { run, seq, bytes: LINE_BYTES });
  return fact?.ok === true && fact.value.kind === 'wrote' ? fact.value.data : undefined;
}

// What is under the pointer on the minimap, in words: the legend of the picture, for each place of it.

import type { RunOverview } from '../../../shared/trace/overview.ts';
import { formatCount, formatCountOf, formatTime } from '../../../shared/format.ts';
import { bucketOf, timeIn } from '../../scene/minimap.ts';
import { partOf, type Axis } from '../../scene/time-axis.ts';
import { wordsOfMark, type TimeMark } from '../../scene/time-marks.ts';

interface ReadoutProps {
  readonly overview: RunOverview | undefined;
  readonly axis: Axis;
  readonly seq: number;
  /** The mark at the pointer. */
  readonly mark: TimeMark | undefined;
}

export function Readout({ overview, axis, seq, mark }: ReadoutProps) {
  const at = mark?.seq ?? seq;
  const part = partOf(axis, at) * 100;
  const atUs = overview === undefined ? undefined : timeIn(overview, at);
  return (
    <span
      className="time-readout"
      aria-hidden
      // At the ends of the axis it does not reach beyond them.
      style={{ left: `${part}%`, transform: `translateX(${-part}%)` }}
    >
      <b>
        fact {formatCount(at)}
        {atUs === undefined ? null : <span className="dim"> · {formatTime(atUs)}</span>}
      </b>
      {mark === undefined ? <Bucket overview={overview} seq={at} /> : <span>{wordsOfMark(mark)}</span>}
    </span>
  );
}

function Bucket({ overview, seq }: Pick<ReadoutProps, 'overview' | 'seq'>) {
  const bucket = overview && bucketOf(overview, seq);
  if (overview === undefined || bucket === undefined) return <span>not read yet</span>;
  const client = overview.client[bucket] ?? 0;
  const server = overview.server[bucket] ?? 0;
  const kept = client + server + (overview.neither[bucket] ?? 0);
  const { factsABucket } = overview;
  if (kept === 0) return <span>counted and not recorded</span>;
  if (factsABucket === 1) {
    return client > 0 ? (
      <span className="client">client</span>
    ) : server > 0 ? (
      <span className="server">server</span>
    ) : null;
  }
  return (
    <span>
      of {formatCountOf(factsABucket, 'fact')} here{' '}
      <span className="client">client {formatCount(client)}</span>,{' '}
      <span className="server">server {formatCount(server)}</span>
      {kept < factsABucket ? `, ${formatCount(factsABucket - kept)} not recorded` : null}
      <span className="dim"> · the higher, the faster they came</span>
    </span>
  );
}

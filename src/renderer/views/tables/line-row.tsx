import { memo } from 'react';
import type { LineState } from '../../scene/line-records.ts';
import type { LineRecord } from '../../../shared/trace/line-follower.ts';
import { roundTripUs } from '../../scene/line-records.ts';
import { visibleBytes } from '../../scene/octets.ts';
import { formatBytes, formatCount, formatDuration } from '../../../shared/format.ts';
import { useDimmed } from '../../store/find.ts';
import type { RecordedBytes } from '../../../shared/trace/fact.ts';

/** The height of a row. */
export const ROW_PX = 30;

const NOT_HERE = 'counted; its facts come when you stop here';

interface LineRowProps {
  readonly line: number;
  /** Its place in the table, from 0 on. */
  readonly row: number;
  /** Undefined while the line's facts are not here. */
  readonly record: LineRecord | undefined;
  readonly state: LineState | undefined;
  readonly now: boolean;
  readonly top: number;
  /** The round trip where it is known without the record. */
  readonly tookUs?: number;
  readonly onChoose: (seq: number) => unknown;
}

/** One line of the file. Choosing it moves the cursor to where it came back. */
export const LineRow = memo(function LineRow({
  line,
  row,
  record,
  state,
  now,
  top,
  tookUs,
  onChoose,
}: LineRowProps) {
  const dimmed = useDimmed(
    record?.sentSeq,
    record?.arrivedSeq,
    record?.transformedSeq,
    record?.repliedSeq,
    record?.receivedSeq,
  );
  const classes = [
    'lines-row',
    'data',
    now ? 'now' : '',
    state === 'waiting' ? 'waiting' : '',
    dimmed && record !== undefined ? 'dimmed' : '',
  ];
  const back = state === 'back' || state === 'returning' || state === 'transformed';
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      data-line={line}
      aria-current={now ? 'step' : undefined}
      className={classes.filter((name) => name !== '').join(' ')}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => {
        if (record !== undefined) void onChoose(record.receivedSeq ?? record.sentSeq);
      }}
    >
      <span role="cell" className="number">
        {formatCount(line)}
      </span>
      {record === undefined ? (
        <>
          <span role="cell" className="pending" title={NOT_HERE}>
            {NOT_HERE}
          </span>
          <span role="cell" />
          <span role="cell" />
          <span role="cell">{tookUs === undefined ? '' : formatDuration(tookUs)}</span>
        </>
      ) : (
        <>
          <LineCell data={record.sent} side="client" marked={!record.validUtf8 && back} />
          {back && record.reply !== undefined ? (
            <LineCell data={record.reply} side="server" marked={false} />
          ) : (
            <span role="cell" className="pending">
              {state === 'going' ? 'on its way' : state}
            </span>
          )}
          <span role="cell" className="dim">
            {readsOf(record, state)}
          </span>
          <span role="cell">
            <RoundTrip record={record} state={state} />
          </span>
        </>
      )}
    </div>
  );
});

/** How many reads brought the line and its reply, as far as they have happened and their facts are here. */
function readsOf(record: LineRecord, state: LineState | undefined): string {
  const { readsThere, readsBack } = record;
  if (state === undefined || state === 'waiting' || state === 'going' || readsThere === 0) return '';
  return `${readsThere} → ${state === 'back' && readsBack > 0 ? readsBack : ''}`;
}

function RoundTrip({
  record,
  state,
}: {
  readonly record: LineRecord;
  readonly state: LineState | undefined;
}) {
  const time = roundTripUs(record);
  if (state === 'back' && time !== undefined) return formatDuration(time);
  return <span className="pending">{state === 'waiting' ? '' : 'in flight'}</span>;
}

interface LineCellProps {
  readonly data: RecordedBytes;
  readonly side: 'client' | 'server';
  readonly marked: boolean;
}

function LineCell({ data, side, marked }: LineCellProps) {
  const text = visibleBytes(data);
  // The newline frames every line: it is shown only where the line is nothing else.
  const words = text.endsWith('⏎') ? text.slice(0, -1) : text;
  const rest =
    data.leftOutBytes === undefined
      ? ''
      : ` … ${formatBytes(data.leftOutBytes)} more: choose the line to see all`;
  return (
    <span role="cell" className={side === 'client' ? 'sent' : 'server'} title={words.slice(0, 2_000) + rest}>
      {marked ? <span className="badge">not UTF-8</span> : null}
      {words === '' ? <span className="pending">(empty line)</span> : words.slice(0, 400)}
    </span>
  );
}

// One fact with all that is known of it, and its bytes. Follows the cursor until a fact is chosen in the wire.

import { useEffect, useState } from 'react';
import { endpointName } from '../../../shared/trace/port-words.ts';
import { sideOf } from '../../../shared/trace/connection.ts';
import type { RecordedBytes, TraceEvent } from '../../../shared/trace/fact.ts';
import { printable } from '../../../shared/trace/transcript.ts';
import { labelOf, sentenceBesidePicture, witnessName } from '../../scene/describe.ts';
import { bytesOf } from '../../scene/fact-bytes.ts';
import { indexAt } from '../../scene/ladder.ts';
import { recordedDetails, recordedOf } from '../../scene/recorded.ts';
import { hexRows, visibleBytes } from '../../scene/octets.ts';
import { formatBytes, formatCount, formatTime } from '../../../shared/format.ts';
import { bridge } from '../../store/bridge.ts';
import { useLanguage, useTransform } from '../../store/choices.ts';
import { useAllFacts, useNearFacts, useOtherClients } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { reportProblem, useRun } from '../../store/run.ts';
import { factHere } from '../../store/trace-view.ts';

const MAX_HEX_ROWS = 64;

export function SelectedFact() {
  const facts = useAllFacts();
  const seq = usePlayer((state) => state.selectedSeq ?? Math.floor(state.cursor));
  const near = useNearFacts();
  const others = useOtherClients();
  const index = indexAt(facts, seq);
  const here = facts[index];
  // A fact that was chosen stays chosen when the cursor goes to another page.
  const event = here?.seq === seq ? here : (factHere(seq) ?? here);
  return (
    <section className="card">
      <h3>Selected fact</h3>
      {event === undefined ? (
        <p className="dim">
          Every fact the program saw can be looked at here: choose one in the picture, or step to it.
        </p>
      ) : (
        <FactDetails
          event={event}
          facts={near}
          otherClient={event === here ? others.of(event.seq)?.name : undefined}
        />
      )}
    </section>
  );
}

export function FactDetails({
  event,
  facts,
  otherClient,
}: {
  readonly event: TraceEvent;
  readonly facts: readonly TraceEvent[];
  readonly otherClient: string | undefined;
}) {
  const data = bytesOf(event, facts);
  const transform = useTransform();
  return (
    <>
      <p style={{ marginBottom: 12 }}>{sentenceBesidePicture(event, transform, otherClient)}</p>
      <dl className="facts-list">
        <dt>fact</dt>
        <dd className="mono">
          {formatCount(event.seq)} · {labelOf(event, transform, useLanguage())}
        </dd>
        <dt>time</dt>
        <dd className="mono">{formatTime(event.atUs)}</dd>
        <dt>side</dt>
        <dd>{sideOf(event) ?? 'the run'}</dd>
        <dt>seen by</dt>
        <dd>{witnessName(event.seenBy)}</dd>
        {detailsOf(event, facts).map(([name, value]) => (
          <Detail key={name} name={name} value={value} />
        ))}
      </dl>
      {data === undefined ? null : <Bytes data={data.data} seq={data.seq} />}
    </>
  );
}

function Detail({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="mono">{printable(value)}</dd>
    </>
  );
}

function detailsOf(event: TraceEvent, facts: readonly TraceEvent[]): readonly (readonly [string, string])[] {
  switch (event.kind) {
    case 'run-started': {
      const recorded = recordedOf(facts);
      return recorded === undefined ? [] : recordedDetails(recorded);
    }
    case 'connected':
    case 'accepted':
      return [
        ['local', endpointName(event.local)],
        ['remote', endpointName(event.remote)],
      ];
    case 'wrote':
    case 'read':
    case 'line-transformed':
    case 'line-received':
      return [
        [
          'in stream',
          `bytes ${formatCount(event.offset)}–${formatCount(Math.max(event.offset, event.offset + event.bytes - 1))}`,
        ],
        ['length', formatBytes(event.bytes)],
      ];
    case 'ephemeral-range-read':
      return [['source', event.source]];
    case 'failed': {
      const { errorCode, errno, syscall } = event.problem.detail;
      return [
        ['code', errorCode ?? event.problem.code],
        ...(errno === undefined ? [] : [['errno', String(errno)] as const]),
        ...(syscall === undefined ? [] : [['call', `${syscall}()`] as const]),
      ];
    }
    default:
      return [];
  }
}

function Bytes({ data, seq }: { readonly data: RecordedBytes; readonly seq: number }) {
  const [whole, setWhole] = useState<{ readonly seq: number; readonly data: RecordedBytes }>();
  const run = useRun((state) => state.info?.run);
  const cut = data.leftOutBytes !== undefined;
  useEffect(() => {
    if (!cut || run === undefined) return undefined;
    let wanted = true;
    void bridge.call('run:fact', { run, seq }).then((answer) => {
      if (!wanted) return;
      reportProblem(answer);
      if (answer?.ok === true && answer.value.kind === 'wrote') setWhole({ seq, data: answer.value.data });
    });
    return () => {
      wanted = false;
    };
  }, [cut, run, seq]);
  const shown = cut && whole?.seq === seq ? whole.data : data;
  const octets = shown.bytes;
  const rows = hexRows(octets, MAX_HEX_ROWS);
  const { leftOutBytes } = shown;
  const inHex = Math.min(octets.length, MAX_HEX_ROWS * 8);
  return (
    <>
      <div className="whole-text" tabIndex={0} aria-label="The bytes as text" data-bytes-of={seq}>
        {visibleBytes(shown)}
      </div>
      <div className="hex" tabIndex={0} aria-label="The bytes in hex" data-bytes-of={seq}>
        {rows.map((row) => (
          <HexLine key={row.offset} offset={row.offset} hex={row.hex} text={row.text} />
        ))}
      </div>
      {octets.length > inHex || leftOutBytes !== undefined ? (
        <p className="dim">{howMuchIsShown(inHex, octets.length, leftOutBytes)}</p>
      ) : null}
    </>
  );
}

/** How many of the bytes are shown. A copy that was cut has only the first of them, as text too. */
function howMuchIsShown(inHex: number, here: number, leftOutBytes = 0): string {
  const all = formatCount(here + leftOutBytes);
  const hex = `The first ${formatCount(inHex)} of ${all} bytes in hex`;
  return leftOutBytes === 0
    ? `${hex}; above is the whole text.`
    : `${hex}; above are the first ${formatCount(here)} as text.`;
}

function HexLine({
  offset,
  hex,
  text,
}: {
  readonly offset: number;
  readonly hex: string;
  readonly text: string;
}) {
  return (
    <>
      <span className="offset">{offset.toString(16).padStart(4, '0')}</span>
      <span>{hex}</span>
      <span className="text">{text}</span>
    </>
  );
}

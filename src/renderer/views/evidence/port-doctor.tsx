// What holds the port that the server could not bind: a program that listens, a connection in TIME_WAIT, or the local port
// of an open connection. What can be done about it stands with the failure, in the picture.

import { Cable, CircleQuestionMark, Hourglass, Plug, type LucideIcon } from 'lucide-react';
import { endpointName } from '../../../shared/trace/port-words.ts';
import { assertNever } from '../../../shared/result.ts';
import type { PortHolder } from '../../../shared/trace/fact.ts';
import { printable } from '../../../shared/trace/transcript.ts';
import type { Diagnosis } from '../../scene/port-doctor.ts';
import { diagnosisAt } from '../../scene/port-doctor.ts';
import { formatDuration } from '../../../shared/format.ts';
import { useLandmarks } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useRun } from '../../store/run.ts';
import { Countdown, TimeLeft } from './countdown.tsx';
import './port-doctor.css';

export function PortDoctor() {
  const landmarks = useLandmarks();
  const seq = usePlayer((state) => Math.floor(state.cursor));
  const ticking = useRun(({ info, phase }) => info?.origin === 'live' && phase === 'settled');
  const diagnosis = diagnosisAt(landmarks, seq);
  if (diagnosis === undefined) return null;
  const { port, holder, ofSecondServer, hadAfterUs, waits } = diagnosis;
  const { icon: Icon, title, detail, meaning } = wordsFor(holder);
  const had = hadAfterUs !== undefined;
  return (
    <section className="card port-doctor" aria-label="Who has the port">
      <h3>{had ? `Who had port ${port}?` : `Who has port ${port}?`}</h3>
      <div className="holder">
        <Icon size={28} aria-hidden strokeWidth={1.75} />
        <div>
          <strong>{title}</strong>
          <span className="mono">{detail}</span>
        </div>
      </div>
      {had ? (
        <p className="had">
          It had it when the table was last read. Our server had the port {formatDuration(hadAfterUs)} after
          it was refused.
        </p>
      ) : (
        <>
          <p>
            {ofSecondServer
              ? 'It is the first server of this run, which has the port until it closes.'
              : meaning}
          </p>
          <Left diagnosis={diagnosis} ticking={ticking} />
        </>
      )}
      {waits ? <p className="dim">The server waits, and asks again when the port is free.</p> : null}
      <p className="dim mono port-source">{diagnosis.source}</p>
    </section>
  );
}

/** How much longer the port is held: counted down where the run is over and was recorded here, else as the table had it. */
function Left({ diagnosis, ticking }: { readonly diagnosis: Diagnosis; readonly ticking: boolean }) {
  if (diagnosis.holder.what !== 'time-wait') return null;
  return ticking ? (
    <Countdown key={diagnosis.seq} diagnosis={diagnosis} />
  ) : (
    <TimeLeft diagnosis={diagnosis} />
  );
}

interface Words {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly detail: string;
  readonly meaning: string;
}

function wordsFor(holder: PortHolder): Words {
  switch (holder.what) {
    case 'listener':
      return {
        icon: Plug,
        title: 'A program that listens',
        detail: processName(holder) ?? endpointName(holder.local),
        meaning: 'It takes connections there. End that program, or leave it and take another port.',
      };
    case 'time-wait':
      return {
        icon: Hourglass,
        title: 'A connection that has ended (TIME_WAIT)',
        detail: `${endpointName(holder.local)} with ${endpointName(holder.remote)}`,
        meaning:
          'This end closed first. The kernel keeps its port for a while, so that no late segment is taken for one of a new connection.',
      };
    case 'connection':
      return {
        icon: Cable,
        title: 'An open connection’s own port',
        detail: `${endpointName(holder.local)} with ${endpointName(holder.remote)}${inBrackets(processName(holder))}`,
        meaning:
          'The kernel gave the port to a client as its ephemeral one, or the connection outlived its server. It is free when that connection is over.',
      };
    case 'unknown':
      return {
        icon: CircleQuestionMark,
        title: 'Nobody that can be seen',
        detail: '',
        meaning: printable(holder.why),
      };
    default:
      return assertNever(holder);
  }
}

/** "python3, process 4711", as far as the system reports it. */
function processName({
  program,
  pid,
}: {
  readonly program?: string;
  readonly pid?: number;
}): string | undefined {
  const known = [
    ...(program === undefined ? [] : [printable(program)]),
    ...(pid === undefined ? [] : [`process ${pid}`]),
  ];
  return known.length === 0 ? undefined : known.join(', ');
}

function inBrackets(name: string | undefined): string {
  return name === undefined ? '' : ` (${name})`;
}

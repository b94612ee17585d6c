// What went wrong, once: its whole sentence and what can be done about it, where it happened in the picture.

import { Plug, Save, Timer } from 'lucide-react';
import { SECOND_SERVER } from '../../../shared/trace/fact.ts';
import { printable } from '../../../shared/trace/transcript.ts';
import { currentFailure } from '../../scene/current-failure.ts';
import type { FailedFact } from '../../scene/failure-words.ts';
import { errnoWords } from '../../scene/failure-words.ts';
import { runChosen, saveResult, waitAndRun } from '../../store/actions.ts';
import { useRoundLandmarks } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';
import './failure-card.css';

interface FailureCardProps {
  readonly event: FailedFact;
  /** It is what the person has to see now: it has its buttons. */
  readonly current: boolean;
}

export function FailureCard({ event, current }: FailureCardProps) {
  const { problem } = event;
  const { errorCode, syscall } = problem.detail;
  const calm = problem.code === 'cancelled' || problem.code === 'window-closed';
  return (
    <div className={calm ? 'failure-card calm' : 'failure-card'} role={current ? 'alert' : undefined}>
      {errorCode === undefined ? null : (
        <b>
          {errnoWords(problem.detail)}
          {syscall === undefined ? '' : ` from ${printable(syscall)}()`}
        </b>
      )}
      <p>{printable(problem.message)}</p>
      {current ? <Remedies event={event} /> : null}
    </div>
  );
}

/** The buttons act on the run that is shown: they are there where it was run here and is over. */
function Remedies({ event: { peer, problem } }: { readonly event: FailedFact }) {
  const isOver = useRun(({ info, phase }) => info?.origin === 'live' && phase === 'settled');
  // Two threads that race cannot wait for a port: that would decide the race.
  const waits = useRun(({ chosen }) => chosen !== 'race') && problem.code === 'port-in-use';
  const hasPart = useRun(({ result }) => result?.complete === false);
  // The second server is meant to be refused.
  const isAboutPort = peer !== SECOND_SERVER && ABOUT_THE_PORT.has(problem.code);
  if (!hasPart && !(isOver && isAboutPort)) return null;
  return (
    <div className="failure-buttons">
      {isOver && isAboutPort && waits ? (
        <Button icon={Timer} onClick={() => void waitAndRun(problem.detail.port)}>
          Wait and retry
        </Button>
      ) : null}
      {isOver && isAboutPort ? (
        <Button icon={Plug} onClick={() => void runChosen(0)}>
          Use a free port
        </Button>
      ) : null}
      {hasPart ? (
        <Button icon={Save} onClick={() => void saveResult()}>
          Save what came back
        </Button>
      ) : null}
    </div>
  );
}

/** Problems that a free port chosen by the system solves. */
const ABOUT_THE_PORT: ReadonlySet<string> = new Set(['port-in-use', 'port-not-permitted', 'listen-failed']);

/** The failure at the cursor, above a plot, which has no place for it. */
export function PlotFailure() {
  const landmarks = useRoundLandmarks();
  const cursor = usePlayer((state) => Math.floor(state.cursor));
  const failure = currentFailure(landmarks, cursor);
  return failure === undefined ? null : (
    <div className="plot-failure">
      <FailureCard event={failure} current />
    </div>
  );
}

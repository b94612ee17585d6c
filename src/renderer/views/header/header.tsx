// The bar on top: what is shown, its state, and the most frequent actions.

import { CircleStop, FolderOpen, Play, RotateCcw, Save, ScrollText } from 'lucide-react';
import { printable } from '../../../shared/trace/transcript.ts';
import { waitingFor } from '../../scene/port-doctor.ts';
import { cancelRun, chooseFile, runChosen, saveResult, saveTrace } from '../../store/actions.ts';
import { keyNameOf } from '../../store/keys.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useCounts, useShownPhase } from '../../store/derived.ts';
import { hasShownRun, useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';
import './header.css';
import { NetworkWarning } from './network-warning.tsx';
import { Progress } from './progress.tsx';
import { RunChip } from './run-chip.tsx';
import { Waiting } from './waiting.tsx';

export function Header() {
  const phase = useShownPhase();
  const running = useRun((state) => state.phase === 'running');
  const isFile = useRun((state) => state.info?.experiment === 'file');
  const waiting = useRun((state) => state.phase === 'running' && waitingFor(state.facts) !== undefined);
  const ready = useRun((state) => state.input !== undefined);
  return (
    <header className="header">
      <h1>SocketScope</h1>
      <RunChip />
      <NetworkWarning />
      <StateChip />
      {waiting ? <Waiting /> : running && isFile ? <Progress /> : null}
      <span className="spacer" />
      <Button
        icon={FolderOpen}
        title={`Open a file or a saved run (${keyNameOf('open')})`}
        aria-label="Open a file"
        onClick={() => void chooseFile()}
      >
        Open
      </Button>
      {running ? (
        <Button
          icon={CircleStop}
          title={`Cancel the run (${keyNameOf('cancel')})`}
          onClick={() => void cancelRun()}
        >
          Cancel
        </Button>
      ) : (
        <Button
          icon={phase === 'empty' ? Play : RotateCcw}
          disabled={!ready}
          title={`Run it (${keyNameOf('run')})`}
          onClick={() => void runChosen()}
        >
          {phase === 'empty' ? 'Run' : 'Run again'}
        </Button>
      )}
      <Button
        icon={ScrollText}
        disabled={phase !== 'settled'}
        title={`Save the run to look at it again (${keyNameOf('save-run')})`}
        onClick={() => void saveTrace()}
      >
        Save run
      </Button>
      <SaveResult />
    </header>
  );
}

function SaveResult() {
  const result = useRun((state) => (hasShownRun(state) ? state.result : undefined));
  const words =
    result === undefined
      ? 'Save result'
      : result.complete
        ? `Save ${printable(result.name)}`
        : 'Save what came back';
  return (
    <Button
      icon={Save}
      look="primary"
      disabled={result === undefined}
      title={`${words} (${keyNameOf('save-result')})`}
      onClick={() => void saveResult()}
    >
      {words}
    </Button>
  );
}

function StateChip() {
  const phase = useShownPhase();
  const outcome = useRun((state) => {
    const last = state.facts.at(-1);
    return last?.kind === 'run-ended' ? last.outcome : undefined;
  });
  const playing = usePlayer((state) => state.playing);
  const following = usePlayer((state) => state.following);
  const last = useCounts().facts;
  const atEnd = usePlayer((state) => state.cursor >= last) && phase === 'settled';
  const opened = useRun((state) => state.info?.origin === 'opened');
  const failed = atEnd && outcome !== 'completed';
  const words =
    phase === 'empty'
      ? 'ready'
      : following
        ? 'live'
        : playing
          ? opened
            ? 'playing the saved run'
            : 'playing the recording'
          : failed
            ? (outcome ?? 'cut off')
            : atEnd
              ? 'at the end'
              : 'paused';
  const look = failed ? 'state-chip failed' : following ? 'state-chip live' : 'state-chip';
  return (
    <span className={look} role="status" aria-label="State">
      {words}
    </span>
  );
}

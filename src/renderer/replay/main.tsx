// A run as a page that any browser plays: the app's own picture over the facts that the page carries.

import { replay } from './bridge.ts';
import '../tokens.css';
import './replay.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { OPTIONS } from '../../shared/experiments/definitions.ts';
import { defaultsOf } from '../../shared/experiments/options.ts';
import { DEFAULT_PANELS } from '../../shared/panels.ts';
import { usePlayer } from '../store/cursor.ts';
import { settleRun, showRun, useRun } from '../store/run.ts';
import { startPlayer } from '../store/player.ts';
import { progressed, settled, watchCursor } from '../store/trace-view.ts';
import { Replay } from './replay.tsx';

const RUN = 1;

const { experiment, inputName, inputBytes, language, counts, landmarks, startAt } = replay;
// The picture follows the options of its run; of the settings it has only the language.
useRun.setState({
  settings: {
    ...defaultsOf(OPTIONS),
    theme: 'system',
    inputName,
    outputName: '',
    openToNetwork: false,
    language,
    guideDone: true,
    panels: DEFAULT_PANELS,
  },
});
showRun({ run: RUN, origin: 'opened', experiment, inputName, inputBytes, sample: false });
usePlayer.setState({ cursor: startAt });
progressed(RUN, { ...counts, landmarks: landmarks.length });
void settled().then(() => {
  settleRun(RUN, undefined);
  startPlayer();
  watchCursor();
  const root = document.getElementById('root');
  if (root === null) throw new Error('The page has no #root.');
  createRoot(root).render(
    <StrictMode>
      <Replay />
    </StrictMode>,
  );
});

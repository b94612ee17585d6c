// Announces a client that is not ours while the run is under way. At its end it is among the sentences (summary.ts).

import { otherClientsIn, otherClientsSentences } from '../../shared/experiments/summary/other-clients.ts';
import { showNotice, useRun } from './run.ts';

let announced: { readonly run: number; readonly clients: number } | undefined;

/** Shows how many there are so far, each time that there are more; nothing for a run that is opened or over. */
export function announceOtherClients(): void {
  const { info, landmarks } = useRun.getState();
  if (info?.origin !== 'live' || landmarks.at(-1)?.kind === 'run-ended') return;
  const clients = otherClientsIn(landmarks);
  const before = announced?.run === info.run ? announced.clients : 0;
  announced = { run: info.run, clients: clients.length };
  if (clients.length <= before) return;
  showNotice({ tone: 'info', text: otherClientsSentences(clients).join(' '), run: info.run });
}

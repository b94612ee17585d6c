// The actions of a person, each once, for buttons, keys and offers alike. They call main and show what it answered.

import type { ProgramsRequest } from '../../shared/ipc.ts';
import { bridge } from './bridge.ts';
import { reportProblem, showNotice, useRun } from './run.ts';

/** Runs the experiment that is shown. */
export async function runChosen(port?: number): Promise<void> {
  const { chosen } = useRun.getState();
  reportProblem(
    await bridge.call('run:start', { experiment: chosen, ...(port === undefined ? {} : { port }) }),
  );
}

/** Runs the experiment that is shown on a port that is taken: it waits for the port until it is free. */
export async function waitAndRun(port?: number): Promise<void> {
  const { chosen } = useRun.getState();
  reportProblem(
    await bridge.call('run:start', {
      experiment: chosen,
      wait: true,
      ...(port === undefined ? {} : { port }),
    }),
  );
}

/** Shows a run of the list again. */
export async function showAgain(run: number): Promise<void> {
  reportProblem(await bridge.call('run:show-again', { run }));
}

export async function cancelRun(): Promise<void> {
  await bridge.call('run:cancel');
}

export async function cancelAndRun(): Promise<void> {
  reportProblem(await bridge.call('run:cancel-and-run'));
}

export async function chooseFile(): Promise<void> {
  reportProblem(await bridge.call('file:choose'));
}

export async function openRecent(id: number): Promise<void> {
  reportProblem(await bridge.call('file:open-recent', { id }));
}

export async function clearRecent(): Promise<void> {
  await bridge.call('file:clear-recent');
}

export async function openDropped(files: readonly File[]): Promise<void> {
  reportProblem(await bridge.openDropped(files));
}

export async function runSample(): Promise<void> {
  const input = await bridge.call('file:sample');
  if (input === undefined) return;
  useRun.setState({ input });
  await runChosen();
}

export async function saveResult(): Promise<void> {
  reportProblem(await bridge.call('result:save'));
}

export async function saveTrace(): Promise<void> {
  reportProblem(await bridge.call('trace:save'));
}

export async function savePrograms(request: ProgramsRequest): Promise<void> {
  reportProblem(await bridge.call('programs:save', request));
}

/** Copies the program of that file name. */
export async function copyProgram(request: ProgramsRequest, file: string): Promise<void> {
  await bridge.call('programs:copy', { ...request, file });
}

export async function dragResult(): Promise<void> {
  await bridge.call('result:drag');
}

export async function showSaved(): Promise<void> {
  await bridge.call('file:show-saved');
}

/** Forgets the runs of `ports` that are remembered from start to start. */
export async function forgetPorts(): Promise<void> {
  const portHistory = await bridge.call('ports:clear');
  if (portHistory === undefined) return;
  useRun.setState({ portHistory });
  showNotice({ tone: 'done', text: 'The earlier runs are forgotten.' });
}

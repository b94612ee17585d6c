// The sentence about a call to main that failed unexpectedly: what was not done, and where the log with the cause is.

import type { Calls } from '../../shared/ipc.ts';

const WHAT: Readonly<Record<keyof Calls, string>> = {
  'app:ready': 'The window could not be connected to the app',
  'run:start': 'The run could not be started',
  'run:cancel': 'The run could not be cancelled',
  'window:present': 'The presentation could not be begun or ended',
  'run:cancel-and-run': 'The file that waited could not be run',
  'run:show-again': 'The run could not be shown again',
  'run:page': 'The facts of this place could not be read',
  'run:landmarks': 'The facts of the run could not be read',
  'run:seq-of-line': 'This line could not be found',
  'run:overview': 'The overview of the run could not be computed',
  'run:seq-at-time': 'The fact at this time could not be found',
  'compare:with-run': 'The runs could not be compared',
  'compare:with-file': 'The runs could not be compared',
  'compare:difference': 'The runs could not be compared',
  'compare:close': 'The comparison could not be closed',
  'run:fact': 'The bytes of this fact could not be read',
  'run:find': 'The run could not be searched',
  'run:numbers': 'The numbers of the run could not be computed',
  'experiment:choose': 'The experiment could not be chosen',
  'file:choose': 'The file could not be opened',
  'file:open-recent': 'The recent file could not be opened',
  'file:clear-recent': 'The recent files could not be forgotten',
  'file:dropped': 'What was dropped could not be opened',
  'file:sample': 'The built-in sample could not be chosen',
  'result:save': 'The result could not be saved',
  'result:drag': 'The result could not be dragged out of the window',
  'notes:change': 'The notes could not be kept',
  'link:copy': 'The link could not be copied',
  'trace:save': 'The run could not be saved',
  'programs:save': 'The programs could not be saved',
  'programs:copy': 'The program could not be copied',
  'run:save-part': 'This part of the run could not be saved',
  'run:cancel-part': 'The writing could not be cancelled',
  'run:copy': 'The text could not be copied',
  'clipboard:write': 'The text could not be copied',
  'picture:save-svg': 'The picture could not be saved',
  'picture:save-png': 'The picture could not be saved',
  'picture:copy': 'The picture could not be copied',
  'replay:save': 'The replay could not be saved',
  'file:show-saved': 'The saved file could not be shown in its folder',
  'menu:enable': 'The menu could not be told what can be done',
  'settings:change': 'The settings could not be changed',
  'settings:reset': 'The settings could not be reset',
  'network:open': 'The network could not be opened',
  'ports:history': 'The earlier runs could not be read',
  'ports:clear': 'The earlier runs could not be forgotten',
  'text:reverse-each-way': 'The text could not be reversed',
  'log:error': 'An error of the window could not be written into the log',
};

/** `logFolder` is undefined before main has answered for the first time. */
export function failedCallSentence(channel: keyof Calls, logFolder: string | undefined): string {
  const where = logFolder === undefined ? 'the log' : `the log in ${logFolder}`;
  return `${WHAT[channel]}: something went wrong that SocketScope was not prepared for. What it was is written in ${where}.`;
}

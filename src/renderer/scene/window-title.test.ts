import { expect, it } from 'vitest';
import type { RunInfo } from '../../shared/ipc.ts';
import { windowTitle } from './window-title.ts';

const run: RunInfo = {
  run: 1,
  origin: 'live',
  experiment: 'file',
  inputName: 'in-proj.txt',
  inputBytes: 95,
  sample: false,
};

it('names the file that was run, the saved run, or the experiment', () => {
  expect(windowTitle('file', run)).toBe('in-proj.txt – Reverse a file – SocketScope');
  expect(windowTitle('file', { ...run, traceName: 'seven.socketscope' })).toBe(
    'seven.socketscope – Reverse a file – SocketScope',
  );
  expect(windowTitle('race', run)).toBe('Race – SocketScope');
  expect(windowTitle('welcome', { ...run, experiment: 'welcome' })).toBe('Welcome – SocketScope');
  expect(windowTitle('file', undefined)).toBe('Reverse a file – SocketScope');
});

it('shows what a name would do to the direction of the title', () => {
  expect(windowTitle('file', { ...run, inputName: 'a\u202eb.txt' })).toContain('a\\u202eb.txt');
});

// Real programs that end in each of the ways a program can.

import { describe, expect, it } from 'vitest';
import { run, tail } from './commands.mjs';

const NODE = process.execPath;

describe('a program', () => {
  it('that ends gives its exit code and both of its outputs', async () => {
    const script = 'console.log("out"); console.error("err"); process.exitCode = 3';
    expect(await run(NODE, ['-e', script])).toEqual({
      status: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      timedOut: false,
      startError: undefined,
    });
  });

  it('that is not there is a value and no exception', async () => {
    expect(await run('/no/such/program', [])).toMatchObject({ status: undefined, startError: 'ENOENT' });
  });

  it('that does not end is ended at its limit', async () => {
    const ended = await run(NODE, ['-e', 'setInterval(() => {}, 1000)'], { limitMs: 200 });
    expect(ended).toMatchObject({ status: undefined, timedOut: true, startError: undefined });
  });

  it('gets its arguments as they are, spaces and dollars included', async () => {
    const ended = await run(NODE, ['-p', 'process.argv[1]', 'a $HOME b']);
    expect(ended.stdout).toBe('a $HOME b\n');
  });
});

describe('the tail of an output', () => {
  it('is its last lines without empty ones and stack frames', () => {
    expect(tail('one\n\ntwo\n  \nError: three\n    at file.js:1:2\n\n', 2)).toBe('two\nError: three');
  });
});

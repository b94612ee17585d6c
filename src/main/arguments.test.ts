import { describe, expect, it } from 'vitest';

import { readArguments } from './arguments.ts';

const PACKAGED = { cwd: '/home/ada', runsAFolder: false };
const FROM_A_FOLDER = { cwd: '/home/ada', runsAFolder: true };

describe('the command line of the app', () => {
  it('takes what is no switch for a file, and sees relative paths from the current folder', () => {
    expect(readArguments(['/opt/socketscope', 'in-proj.txt', '/tmp/other.txt'], PACKAGED)).toEqual({
      files: ['/home/ada/in-proj.txt', '/tmp/other.txt'],
    });
  });

  it('passes over the folder of the app where Electron runs a folder, wherever the switches are', () => {
    for (const argv of [
      ['electron', '.', 'in-proj.txt'],
      ['electron', '--no-sandbox', '--inspect=0', '/opt/app', '--user-data-dir=/tmp/x', 'in-proj.txt'],
      ['electron', '-r', '/tmp/loader.js', '.', '--enable-logging', 'in-proj.txt'],
    ]) {
      expect(readArguments(argv, FROM_A_FOLDER)).toEqual({ files: ['/home/ada/in-proj.txt'] });
    }
  });

  it('turns a file: URI into its path, spaces and other alphabets included', () => {
    expect(readArguments(['x', 'file:///tmp/in%20pr%C3%B6j.txt'], PACKAGED).files).toEqual([
      '/tmp/in pröj.txt',
    ]);
  });

  it('takes a URI that names no file of this machine for a name, so that opening it says so', () => {
    expect(readArguments(['x', 'file://server/share.txt'], PACKAGED).files).toEqual([
      '/home/ada/file:/server/share.txt',
    ]);
  });

  it('reads the port in both spellings', () => {
    expect(readArguments(['x', '--port', '0', 'a.txt'], PACKAGED)).toEqual({
      files: ['/home/ada/a.txt'],
      port: 0,
    });
    expect(readArguments(['x', 'a.txt', '--port=65535'], PACKAGED).port).toBe(65_535);
  });

  it.each(['65536', 'http', '-1', '1e3', ''])(
    'says what is wrong with the port %j and goes on without it',
    (port) => {
      const read = readArguments(['x', `--port=${port}`, 'a.txt'], PACKAGED);
      expect(read.files).toEqual(['/home/ada/a.txt']);
      expect(read.port).toBeUndefined();
      expect(read.problem?.code).toBe('bad-option');
      expect(read.problem?.message).toContain(`--port ${port} is not a port`);
    },
  );

  it('says that the port is missing where --port comes last', () => {
    expect(readArguments(['x', '--port'], PACKAGED).problem?.code).toBe('bad-option');
  });

  it('takes everything after -- for a file, a name that begins with a dash too', () => {
    expect(readArguments(['x', '--', '--port', '-in.txt'], PACKAGED)).toEqual({
      files: ['/home/ada/--port', '/home/ada/-in.txt'],
    });
  });
});

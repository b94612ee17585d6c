import { describe, expect, it } from 'vitest';

import { fitsIntoMessage, startMessageOf, readArguments, withoutFiles } from './start-arguments.ts';

const PACKAGED = { cwd: '/home/ada', runsAFolder: false };
const FROM_A_FOLDER = { cwd: '/home/ada', runsAFolder: true };

describe('the command line of the app', () => {
  it('reads what is not a switch as a file, and resolves relative paths from the current folder', () => {
    expect(readArguments(['/opt/socketscope', 'in-proj.txt', '/tmp/other.txt'], PACKAGED)).toEqual({
      files: ['/home/ada/in-proj.txt', '/tmp/other.txt'],
    });
  });

  it('ignores the folder of the app where Electron runs a folder, wherever the switches are', () => {
    for (const argv of [
      ['electron', '.', 'in-proj.txt'],
      ['electron', '--no-sandbox', '--inspect=0', '/opt/app', '--user-data-dir=/tmp/x', 'in-proj.txt'],
      ['electron', '-r', '/tmp/loader.js', '.', '--enable-logging', 'in-proj.txt'],
    ]) {
      expect(readArguments(argv, FROM_A_FOLDER)).toEqual({ files: ['/home/ada/in-proj.txt'] });
    }
  });

  it('converts a file: URI to its path, spaces and other alphabets included', () => {
    expect(readArguments(['x', 'file:///tmp/in%20pr%C3%B6j.txt'], PACKAGED).files).toEqual([
      '/tmp/in pröj.txt',
    ]);
  });

  it('keeps the fact of a link to a moment, also behind a URI', () => {
    expect(
      readArguments(['x', 'a.socketscope#fact=12', 'file:///tmp/a%23b.socketscope#fact=7'], PACKAGED).files,
    ).toEqual(['/home/ada/a.socketscope#fact=12', '/tmp/a#b.socketscope#fact=7']);
  });

  it('reads a URI that names no file of this machine as a name, so that opening it reports that', () => {
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

  it('reports that the port is missing where --port comes last', () => {
    expect(readArguments(['x', '--port'], PACKAGED).problem?.code).toBe('bad-option');
  });

  it('reads everything after -- as a file, also a name that begins with a dash', () => {
    expect(readArguments(['x', '--', '--port', '-in.txt'], PACKAGED)).toEqual({
      files: ['/home/ada/--port', '/home/ada/-in.txt'],
    });
  });
});

describe('a command line without its files', () => {
  it('keeps switches, their values and the folder of the app, and has the number of files', () => {
    const argv = ['electron', '--no-sandbox', '-r', '/tmp/loader.js', '.', 'a.txt', '--port', '7', 'b.txt'];
    const shorter = withoutFiles(argv, FROM_A_FOLDER);
    expect(shorter).toEqual([
      '--no-sandbox',
      '-r',
      '/tmp/loader.js',
      '.',
      '--port',
      '7',
      '--files-left-out=2',
    ]);
    expect(readArguments(['electron', ...shorter], FROM_A_FOLDER)).toEqual({
      files: [],
      filesLeftOut: 2,
      port: 7,
    });
  });

  it('counts names that begin with a dash, and adds to what was left out before', () => {
    const argv = ['x', '--files-left-out=3', '--', '-a.txt', '--port', '--files-left-out=9'];
    const shorter = withoutFiles(argv, PACKAGED);
    expect(readArguments(['x', ...shorter], PACKAGED)).toEqual({ files: [], filesLeftOut: 6 });
  });

  it.each(['', 'many', '-1', '1e9', '12345678901234567890'])('reads no number from %j', (number) => {
    expect(readArguments(['x', `--files-left-out=${number}`], PACKAGED)).toEqual({ files: [] });
  });
});

describe('what a second start sends', () => {
  it('is its file and its port, and of several files their number alone', () => {
    expect(startMessageOf(readArguments(['x', 'a.txt', '--port=7'], PACKAGED))).toEqual({
      files: ['/home/ada/a.txt'],
      count: 1,
      port: 7,
    });
    expect(startMessageOf(readArguments(['x', 'a.txt', 'b.txt'], PACKAGED))).toEqual({
      files: [],
      count: 2,
      port: null,
    });
    expect(startMessageOf(readArguments(['x'], PACKAGED))).toEqual({ files: [], count: 0, port: null });
  });

  it('has room for every path that Linux can open, however it is written and wherever the start was', () => {
    const folder = `/${'é'.repeat(2_047)}`;
    const uri = `file://${'/%C3%A9'.repeat(1_365)}`;
    for (const name of [`/${'a'.repeat(4_094)}`, `/${'é'.repeat(2_047)}`, `/${'文'.repeat(1_364)}`, uri]) {
      const argv = ['/opt/SocketScope/socketscope', '--no-sandbox', '--user-data-dir=/home/ada/data', name];
      const given = readArguments(argv, { cwd: folder, runsAFolder: false });
      expect(fitsIntoMessage(argv, folder, startMessageOf(given)), name.slice(0, 8)).toBe(true);
    }
  });

  it('does not fit where the message would be longer than Chromium allows', () => {
    const nothing = { files: [], count: 0, port: null };
    expect(fitsIntoMessage(['x', 'y'.repeat(32 * 1024)], '/', nothing)).toBe(false);
    expect(fitsIntoMessage(Array<string>(32 * 1024).fill(''), '/', nothing)).toBe(false);
    expect(fitsIntoMessage(['x', '文'.repeat(10_000)], '/', nothing)).toBe(false);
    expect(fitsIntoMessage(['x'], '/'.repeat(32 * 1024), nothing)).toBe(false);
    const long = { files: ['y'.repeat(15_000)], count: 1, port: null };
    expect(fitsIntoMessage(['x', 'y'.repeat(15_000)], '/', long)).toBe(false);
  });
});

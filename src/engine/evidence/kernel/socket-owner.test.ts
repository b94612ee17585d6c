import { describe, expect, it } from 'vitest';

import { runCommand } from '../../system/run-command.ts';
import { parseLsof, parseTasklist } from './socket-owner.ts';
import type { SocketRow } from './socket-table.ts';

const LISTENER: SocketRow = {
  local: { address: '127.0.0.1', port: 47_073 },
  remote: { address: '0.0.0.0', port: 0 },
  state: 'LISTEN',
};
const CONNECTION: SocketRow = {
  local: { address: '127.0.0.1', port: 51_446 },
  remote: { address: '127.0.0.1', port: 47_073 },
  state: 'ESTABLISHED',
};

describe('the process in what lsof prints with -F (recorded with lsof 4.95 on Linux, not on macOS)', () => {
  const text = `p29390
cpython3
n127.0.0.1:47073
TST=LISTEN
TQR=0
TQS=0
n127.0.0.1:47073->127.0.0.1:51446
TST=ESTABLISHED
TQR=0
TQS=0
p29432
cnode
n127.0.0.1:51446->127.0.0.1:47073
TST=ESTABLISHED
TQR=0
TQS=0
`;

  it('is the one that listens on the port', () => {
    expect(parseLsof(text, LISTENER)).toEqual({ pid: 29_390, program: 'python3' });
  });

  it("is the one that holds this end of the connection, not the peer's", () => {
    expect(parseLsof(text, CONNECTION)).toEqual({ pid: 29_432, program: 'node' });
  });

  it('is unknown where lsof shows none', () => {
    expect(parseLsof('', LISTENER)).toBeUndefined();
    expect(parseLsof(text, { ...LISTENER, local: { address: '127.0.0.1', port: 7_073 } })).toBeUndefined();
  });
});

// Written in the published format of the tool, not recorded by us.
describe('the program in what tasklist prints on Windows', () => {
  it('is the image of that process', () => {
    const text = '"python.exe","4242","Console","1","9,612 K"\r\n';
    expect(parseTasklist(text, 4_242)).toBe('python.exe');
    expect(parseTasklist(text, 424)).toBeUndefined();
  });

  it('is unknown where the process has ended', () => {
    expect(
      parseTasklist('INFO: No tasks are running which match the specified criteria.\r\n', 4_242),
    ).toBeUndefined();
  });
});

describe("a command of the system's own", () => {
  it('returns its output, with its arguments unchanged, without a shell', async () => {
    const printed = await runCommand(process.execPath, ['-p', 'process.argv[1]', '$HOME;*'], live());
    expect(printed).toBe('$HOME;*\n');
  });

  it('is killed when it runs longer than a second', async () => {
    const endless = runCommand(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], live());
    await expect(endless).rejects.toMatchObject({ killed: true, signal: 'SIGKILL' });
  });

  it('is ended when the search is', async () => {
    const search = new AbortController();
    const endless = runCommand(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], search.signal);
    search.abort();
    await expect(endless).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('that is not there is an error that names it', async () => {
    await expect(runCommand('/no/such/netstat', [], live())).rejects.toThrow('/no/such/netstat');
  });
});

function live(): AbortSignal {
  return new AbortController().signal;
}

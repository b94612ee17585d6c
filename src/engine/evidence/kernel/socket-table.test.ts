import { once } from 'node:events';
import { connect, createServer } from 'node:net';

import { describe, expect, it } from 'vitest';

import { portOf } from '../../system/port-for-tests.ts';
import { parseMacosNetstat, parseProcNetTcp, parseWindowsNetstat, readSocketTable } from './socket-table.ts';

const HEADER =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

function row4(number: number, ends: string, rest: string): string {
  return `${String(number).padStart(4)}: ${ends} ${rest}\n`;
}

describe("Linux's table", () => {
  it('gives listener, connection and TIME_WAIT with its countdown, and only those whose local port it is', () => {
    const text =
      HEADER +
      row4(
        0,
        '0100007F:C357 00000000:0000',
        '0A 00000000:00000001 00:00000000 00000000  1000        0 368842 1 0 100 0 0 10 0',
      ) +
      row4(
        1,
        '0100007F:A342 0100007F:C357',
        '01 00000000:00000000 00:00000000 00000000  1000        0 368850 1 0 20 4 0 10 -1',
      ) +
      row4(
        2,
        '0100007F:C357 0100007F:A342',
        '06 00000000:00000000 03:0000100D 00000000     0        0 0 3 0',
      ) +
      row4(
        3,
        '0100007F:0050 00000000:0000',
        '0A 00000000:00000000 00:00000000 00000000     0        0 7 1 0 100 0 0 10 0',
      );
    expect(parseProcNetTcp(text, 50_007, 'LE')).toEqual([
      {
        local: { address: '127.0.0.1', port: 50_007 },
        remote: { address: '0.0.0.0', port: 0 },
        state: 'LISTEN',
        receiveQueueBytes: 1,
        inode: 368_842,
      },
      {
        local: { address: '127.0.0.1', port: 50_007 },
        remote: { address: '127.0.0.1', port: 41_794 },
        state: 'TIME_WAIT',
        receiveQueueBytes: 0,
        timerSeconds: 41.09,
      },
    ]);
    expect(parseProcNetTcp(text, 80, 'LE')).toMatchObject([{ state: 'LISTEN', inode: 7 }]);
  });

  it('reads IPv6 and mapped IPv4 addresses, and both byte orders', () => {
    const rest = '0A 00000000:00000000 00:00000000 00000000     0        0 9 1 0 100 0 0 10 0';
    const addressOf = (hex: string, byteOrder: 'LE' | 'BE') =>
      parseProcNetTcp(row4(0, `${hex}:C357 ${'0'.repeat(hex.length)}:0000`, rest), 50_007, byteOrder)[0]
        ?.local.address;
    expect(addressOf('00000000000000000000000001000000', 'LE')).toBe('::1');
    expect(addressOf('00000000000000000000000000000000', 'LE')).toBe('::');
    expect(addressOf('0000000000000000FFFF00000100007F', 'LE')).toBe('::ffff:127.0.0.1');
    expect(addressOf('B80D01200000000000000000DEADBEEF', 'LE')).toBe('2001:db8::efbe:adde');
    expect(addressOf('7F000001', 'BE')).toBe('127.0.0.1');
    expect(addressOf('20010DB8000000000000000000000001', 'BE')).toBe('2001:db8::1');
  });

  it('skips lines that are not rows', () => {
    const broken = `${HEADER}   0: 0100007F:C357 \n   1: XX00007F:C357 00000000:0000 0A\n :C357 \n`;
    expect(parseProcNetTcp(broken, 50_007, 'LE')).toEqual([]);
    expect(parseProcNetTcp('', 50_007, 'LE')).toEqual([]);
  });

  it('finds one row among 18,000', () => {
    let text = HEADER;
    for (let number = 0; number < 18_000; number += 1) {
      const port = number === 12_345 ? 50_007 : 10_000 + (number % 20_000);
      const hex = port.toString(16).toUpperCase().padStart(4, '0');
      text += row4(
        number,
        `0100007F:${hex} 0100007F:1F90`,
        `06 00000000:00000000 03:00000${hex.slice(1)} 00000000     0        0 0 3 0`,
      );
    }
    expect(parseProcNetTcp(text, 50_007, 'LE')).toHaveLength(1);
    expect(parseProcNetTcp(text, 8_080, 'LE')).toEqual([]);
  });
});

describe("this system's table", () => {
  it('shows a real listener, and a real connection from both its ends', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const accepted = once(server, 'connection');
    const port = portOf(server.address());
    const client = connect(port, '127.0.0.1');
    await Promise.all([once(client, 'connect'), accepted]);
    const clientPort = portOf(client.address());
    try {
      const atServer = await readSocketTable(port, new AbortController().signal);
      expect(atServer?.unread).toBeUndefined();
      expect(atServer?.rows).toHaveLength(2);
      expect(atServer?.rows).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ state: 'LISTEN', local: { address: '127.0.0.1', port } }),
          expect.objectContaining({
            state: 'ESTABLISHED',
            remote: { address: '127.0.0.1', port: clientPort },
          }),
        ]),
      );
      const atClient = await readSocketTable(clientPort, new AbortController().signal);
      expect(atClient?.rows).toMatchObject([
        { state: 'ESTABLISHED', remote: { address: '127.0.0.1', port }, local: { port: clientPort } },
      ]);
    } finally {
      client.destroy();
      server.close();
    }
  });

  it('reports that it was not read completely when its time is over', async () => {
    const table = await readSocketTable(50_007, AbortSignal.abort());
    expect(table?.rows).toEqual([]);
    expect(table?.unread).toContain('it took too long');
  });
});

// Written after outputs that others have published, one for each form of the columns: none was recorded by us.
describe('the table that netstat prints on macOS', () => {
  it('is read with the columns `process:pid` (macOS 26), also where a name has spaces', () => {
    const text = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address                                 Foreign Address                               (state)          rxbytes      txbytes  rhiwat  shiwat          process:pid    state  options           gencnt    flags   flags1 usecnt rtncnt fltrs
tcp4       0      0  127.0.0.1.50007        *.*                    LISTEN                 0            0  131072  131072          Python:27328  00000 00000006 0000000001803264 00000000 00000800      1      0 000000
tcp46      0      0  *.50007                *.*                    LISTEN                 0            0  131072  131072 Brave Browser He:7187   00100 00000106 00000000017f35e4 00000001 00000800      1      0 000000
tcp4       0      0  127.0.0.1.50007        127.0.0.1.64810        TIME_WAIT              0            0  513160  146988 Brave Browser He:7187   00102 00000008 00000000017f35e5 00000001 00000800      1      0 000000
tcp6       0      0  ::1.64809              ::1.50007              ESTABLISHED      8237954         2199  513160  146988            node:7188   00102 00000008 00000000017f35e6 00000001 00000800      1      0 000000
`;
    expect(parseMacosNetstat(text, 50_007)).toEqual([
      {
        local: { address: '127.0.0.1', port: 50_007 },
        remote: { address: '0.0.0.0', port: 0 },
        state: 'LISTEN',
        receiveQueueBytes: 0,
        owner: { pid: 27_328, program: 'Python' },
      },
      {
        local: { address: '::', port: 50_007 },
        remote: { address: '::', port: 0 },
        state: 'LISTEN',
        receiveQueueBytes: 0,
        owner: { pid: 7_187, program: 'Brave Browser He' },
      },
      {
        local: { address: '127.0.0.1', port: 50_007 },
        remote: { address: '127.0.0.1', port: 64_810 },
        state: 'TIME_WAIT',
        receiveQueueBytes: 0,
        owner: { pid: 7_187, program: 'Brave Browser He' },
      },
    ]);
    expect(parseMacosNetstat(text, 64_809)).toMatchObject([
      { local: { address: '::1' }, remote: { address: '::1', port: 50_007 }, owner: { pid: 7_188 } },
    ]);
  });

  it('is read with the columns `rxbytes txbytes … pid epid` (up to macOS 15)', () => {
    const text = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)          rxbytes      txbytes  rhiwat  shiwat    pid   epid state  options           gencnt    flags   flags1 usecnt rtncnt fltrs
tcp4       0      0  127.0.0.1.50007        *.*                    LISTEN                 0            0 1048576 1048576    501      0 00000 00000006 0000000000010cb7 00000000 00000900      1      0 000000
`;
    expect(parseMacosNetstat(text, 50_007)).toMatchObject([{ state: 'LISTEN', owner: { pid: 501 } }]);
  });

  it('is read with the columns `rhiwat shiwat pid epid` (older releases)', () => {
    const text = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)     rhiwat shiwat    pid   epid  state    options
tcp46      0      0  *.50007                *.*                    LISTEN      131072 131072  70902      0 0x0100 0x00000006
tcp6      92      0  fe80::1%lo0.50007      fe80::1%lo0.443        FIN_WAIT_2  131072 131072    901      0 0x0102 0x00000206
tcp4       0      0  127.0.0.1.50007        127.0.0.1.50008        TIME_WAIT   131072 131072      0      0 0x0102 0x00000206
`;
    const rows = parseMacosNetstat(text, 50_007);
    expect(rows[2]).not.toHaveProperty('owner');
    expect(rows).toMatchObject([
      { local: { address: '::' }, state: 'LISTEN', owner: { pid: 70_902 } },
      {
        local: { address: 'fe80::1%lo0' },
        remote: { port: 443 },
        state: 'FIN_WAIT2',
        receiveQueueBytes: 92,
        owner: { pid: 901 },
      },
      { local: { address: '127.0.0.1' }, state: 'TIME_WAIT' },
    ]);
  });

  it('is read as it was recorded on macOS 10.14 and published (github.com/danielkrainas/node-netstat/issues/26)', () => {
    // Foreign addresses replaced by those for documentation (RFC 5737).
    const text = `Active Internet connections
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)     rhiwat shiwat    pid   epid  state    options
tcp4       0      0  192.168.1.191.52044    192.0.2.35.443         ESTABLISHED 131072 131860   9811      0 0x0102 0x00000008
tcp4      24      0  192.168.1.191.52040    192.0.2.4.443          CLOSE_WAIT  131072 132432   9811      0 0x0122 0x00000008
`;
    expect(parseMacosNetstat(text, 52_040)).toEqual([
      {
        local: { address: '192.168.1.191', port: 52_040 },
        remote: { address: '192.0.2.4', port: 443 },
        state: 'CLOSE_WAIT',
        receiveQueueBytes: 24,
        owner: { pid: 9_811 },
      },
    ]);
  });
});

// Written in the published format of the tool, not recorded by us.
describe('the table that netstat prints on Windows', () => {
  it('is read as it was recorded on Windows XP and published (mikewilliamson.wordpress.com/2006/08/30/netstat)', () => {
    // Addresses of the network replaced by those for documentation (RFC 5737).
    const text = [
      'Active Connections',
      '',
      'Proto Local Address Foreign Address State PID',
      'TCP 0.0.0.0:5000 0.0.0.0:0 LISTENING 1672',
      'TCP 192.0.2.7:3071 192.0.2.14:80 TIME_WAIT 0',
      'TCP 127.0.0.1:2995 0.0.0.0:0 LISTENING 2912',
      'TCP 127.0.0.1:2995 127.0.0.1:2996 ESTABLISHED 2912',
    ].join('\r\n');
    expect(parseWindowsNetstat(text, 2_995)).toMatchObject([
      { local: { address: '127.0.0.1' }, state: 'LISTEN', owner: { pid: 2_912 } },
      { remote: { address: '127.0.0.1', port: 2_996 }, state: 'ESTABLISHED', owner: { pid: 2_912 } },
    ]);
    const [ended] = parseWindowsNetstat(text, 3_071);
    expect(ended).toMatchObject({ state: 'TIME_WAIT', remote: { address: '192.0.2.14', port: 80 } });
    expect(ended).not.toHaveProperty('owner');
  });

  it('is read in English, IPv6 included, UDP left out', () => {
    const text = [
      '',
      'Active Connections',
      '',
      '  Proto  Local Address          Foreign Address        State           PID',
      '  TCP    0.0.0.0:50007          0.0.0.0:0              LISTENING       4242',
      '  TCP    127.0.0.1:50007        127.0.0.1:49712        TIME_WAIT       0',
      '  TCP    127.0.0.1:49713        127.0.0.1:50007        ESTABLISHED     4243',
      '  TCP    [::]:50007             [::]:0                 LISTENING       4242',
      '  TCP    [fe80::1%7]:50007      [fe80::2%7]:443        SYN_RECEIVED    4244',
      '  UDP    0.0.0.0:50007          *:*                                    777',
      '',
    ].join('\r\n');
    expect(parseWindowsNetstat(text, 50_007)).toEqual([
      {
        local: { address: '0.0.0.0', port: 50_007 },
        remote: { address: '0.0.0.0', port: 0 },
        state: 'LISTEN',
        owner: { pid: 4_242 },
      },
      {
        local: { address: '127.0.0.1', port: 50_007 },
        remote: { address: '127.0.0.1', port: 49_712 },
        state: 'TIME_WAIT',
      },
      {
        local: { address: '::', port: 50_007 },
        remote: { address: '::', port: 0 },
        state: 'LISTEN',
        owner: { pid: 4_242 },
      },
      {
        local: { address: 'fe80::1%7', port: 50_007 },
        remote: { address: 'fe80::2%7', port: 443 },
        state: 'SYN_RECV',
        owner: { pid: 4_244 },
      },
    ]);
  });

  it('is read where Windows speaks another language, by what does not depend on it', () => {
    const text = [
      'Aktive Verbindungen',
      '',
      '  Proto  Lokale Adresse         Remoteadresse          Status           PID',
      '  TCP    0.0.0.0:50007          0.0.0.0:0              ABHÖREN         4242',
      '  TCP    127.0.0.1:50007        127.0.0.1:49712        WARTEND         0',
      '  TCP    127.0.0.1:50007        127.0.0.1:49714        HERGESTELLT     4242',
    ].join('\r\n');
    expect(parseWindowsNetstat(text, 50_007).map((row) => row.state)).toEqual([
      'LISTEN',
      'TIME_WAIT',
      'OTHER',
    ]);
  });
});

// The programs as a student would write them, in Python and for Node, and which of their calls a fact belongs to.

import type { ExperimentName, Side, TraceEvent } from '../../shared/trace.ts';
import { sideOf } from './describe.ts';
import { indexAt, isStrangers, ownConnection } from './ladder.ts';

export type Language = 'Python' | 'Node';

/** What a line of a program does, as far as a fact can show it. */
type Call =
  | 'socket'
  | 'bind'
  | 'listen'
  | 'accept'
  | 'connect'
  | 'connected'
  | 'send'
  | 'sleep'
  | 'recv'
  | 'reverse'
  | 'use'
  | 'end'
  | 'close'
  | 'close-server'
  | 'socket-2'
  | 'bind-2'
  | 'fail-2'
  | 'close-server-2';

export interface ProgramLine {
  readonly text: string;
  readonly calls: readonly Call[];
}

function line(text: string, ...calls: readonly Call[]): ProgramLine {
  return { text, calls };
}

type Programs = Readonly<Record<Side, readonly ProgramLine[]>>;

const PYTHON_OPEN_SERVER: readonly ProgramLine[] = [
  line('ss = socket.socket()', 'socket'),
  line('ss.bind(("127.0.0.1", PORT))', 'bind'),
  line('ss.listen(1)', 'listen'),
  line('conn, addr = ss.accept()', 'accept'),
];

const PYTHON_OPEN_CLIENT: readonly ProgramLine[] = [
  line('cs = socket.socket()', 'socket'),
  line('cs.connect(("127.0.0.1", PORT))', 'connect', 'connected'),
];

const PYTHON_WELCOME: Programs = {
  client: [
    ...PYTHON_OPEN_CLIENT,
    line('text = cs.recv(100)', 'recv'),
    line('print(text.decode())', 'use'),
    line('cs.close()', 'end', 'close'),
  ],
  server: [
    ...PYTHON_OPEN_SERVER,
    line('conn.sendall(GREETING.encode())', 'send'),
    line('conn.close()', 'end', 'close'),
    line('ss.close()', 'close-server'),
  ],
};

const PYTHON: Readonly<Record<ExperimentName, Programs>> = {
  welcome: PYTHON_WELCOME,
  race: PYTHON_WELCOME,
  ports: PYTHON_WELCOME,
  boundaries: PYTHON_WELCOME,
  refused: {
    client: [line('time.sleep(SECONDS)', 'sleep'), ...PYTHON_WELCOME.client],
    server: [line('time.sleep(SECONDS)', 'sleep'), ...PYTHON_WELCOME.server],
  },
  'in-use': {
    client: [line('# no client: two servers meet')],
    server: [
      line('ss = socket.socket()', 'socket'),
      line('ss.bind(("127.0.0.1", PORT))', 'bind'),
      line('ss.listen(1)', 'listen'),
      line('s2 = socket.socket()', 'socket-2'),
      line('s2.bind(("127.0.0.1", PORT))', 'bind-2', 'fail-2'),
      line('s2.close()', 'close-server-2'),
      line('ss.close()', 'close-server'),
    ],
  },
  string: {
    client: [
      ...PYTHON_OPEN_CLIENT,
      line('cs.sendall(TEXT.encode())', 'send'),
      line('cs.shutdown(SHUT_WR)', 'end'),
      line('while data := cs.recv(4096):', 'recv'),
      line('    reply += data', 'use'),
      line('cs.close()', 'close'),
    ],
    server: [
      ...PYTHON_OPEN_SERVER,
      line('while data := conn.recv(4096):', 'recv'),
      line('    text += data'),
      line('text = text.decode()[::-1]', 'reverse'),
      line('conn.sendall(text.encode())', 'send'),
      line('conn.close()', 'end', 'close'),
      line('ss.close()', 'close-server'),
    ],
  },
  file: {
    client: [
      ...PYTHON_OPEN_CLIENT,
      line('replies = cs.makefile("rb")'),
      line('for line in open("in-proj.txt","rb"):'),
      line('    cs.sendall(line)', 'send'),
      line('    reply = replies.readline()', 'recv'),
      line('    out.write(reply)', 'use'),
      line('cs.close()', 'end', 'close'),
    ],
    server: [
      ...PYTHON_OPEN_SERVER,
      line('for line in conn.makefile("rb"):', 'recv'),
      line('    text = line[:-1].decode()[::-1]', 'reverse'),
      line('    conn.sendall(text.encode()+b"\\n")', 'send'),
      line('conn.close()', 'end', 'close'),
      line('ss.close()', 'close-server'),
    ],
  },
};

const NODE_OPEN_CLIENT: readonly ProgramLine[] = [
  line('const cs = new net.Socket();', 'socket'),
  line("cs.connect(PORT, '127.0.0.1');", 'connect'),
  line("await once(cs, 'connect');", 'connected'),
];

function nodeServer(inside: readonly ProgramLine[]): readonly ProgramLine[] {
  return [
    line('const ss = createServer((conn) => {', 'socket', 'accept'),
    ...inside,
    line('});'),
    line("ss.listen(PORT, '127.0.0.1');", 'bind', 'listen'),
    line('// and when all is done', 'close'),
    line('ss.close();', 'close-server'),
  ];
}

const NODE_WELCOME: Programs = {
  client: [
    ...NODE_OPEN_CLIENT,
    line('for await (const data of cs) {', 'recv'),
    line('  text += data;'),
    line('}'),
    line('console.log(text);', 'use'),
    line('cs.end();', 'end', 'close'),
  ],
  server: nodeServer([line('  conn.end(GREETING);', 'send', 'end')]),
};

const NODE: Readonly<Record<ExperimentName, Programs>> = {
  welcome: NODE_WELCOME,
  race: NODE_WELCOME,
  ports: NODE_WELCOME,
  boundaries: NODE_WELCOME,
  refused: {
    client: [line('await setTimeout(MS);', 'sleep'), ...NODE_WELCOME.client],
    server: [line('await setTimeout(MS);', 'sleep'), ...NODE_WELCOME.server],
  },
  'in-use': {
    client: [line('// no client: two servers meet')],
    server: [
      line('const ss = net.createServer();', 'socket'),
      line("ss.listen(PORT, '127.0.0.1');", 'bind', 'listen'),
      line('const s2 = net.createServer();', 'socket-2'),
      line("s2.on('error', console.error);", 'fail-2'),
      line("s2.listen(PORT, '127.0.0.1');", 'bind-2'),
      line('s2.close();', 'close-server-2'),
      line('ss.close();', 'close-server'),
    ],
  },
  string: {
    client: [
      ...NODE_OPEN_CLIENT,
      line('cs.end(TEXT);', 'send', 'end'),
      line('for await (const data of cs) {', 'recv'),
      line('  reply += data;', 'use'),
      line('}', 'close'),
    ],
    server: nodeServer([
      line("  conn.on('data', (data) => {", 'recv'),
      line('    text += data;'),
      line('  });'),
      line("  conn.on('end', () => {"),
      line('    const turned = reverse(text);', 'reverse'),
      line('    conn.end(turned);', 'send', 'end'),
      line('  });'),
    ]),
  },
  file: {
    client: [
      ...NODE_OPEN_CLIENT,
      line('for (const line of lines) {'),
      line("  cs.write(line + '\\n');", 'send'),
      line('  const reply = await nextLine(cs);', 'recv'),
      line("  out.write(reply + '\\n');", 'use'),
      line('}'),
      line('cs.end();', 'end', 'close'),
    ],
    server: nodeServer([
      line("  conn.on('data', (data) => {", 'recv'),
      line('    for (const line of framer.push(data)) {'),
      line('      const turned = reverse(line);', 'reverse'),
      line("      conn.write(turned + '\\n');", 'send'),
      line('    }'),
      line('  });'),
      line("  conn.on('end', () => conn.end());", 'end'),
    ]),
  },
};

export function programOf(
  experiment: ExperimentName,
  side: Side,
  language: Language,
): readonly ProgramLine[] {
  return (language === 'Python' ? PYTHON : NODE)[experiment][side];
}

/** The call of a program that a fact belongs to; undefined for facts that no line of a program makes. */
function callOf(event: TraceEvent): Call | undefined {
  switch (event.kind) {
    case 'server-created':
      return event.server === 2 ? 'socket-2' : 'socket';
    case 'client-created':
      return 'socket';
    case 'listen-called':
      return event.server === 2 ? 'bind-2' : 'bind';
    case 'failed':
      return event.server === 2 ? 'fail-2' : undefined;
    case 'slept':
      return 'sleep';
    case 'listening':
      return 'listen';
    case 'connect-called':
      return 'connect';
    case 'connected':
      return 'connected';
    case 'accepted':
      return 'accept';
    case 'wrote':
      return 'send';
    case 'read':
      return 'recv';
    case 'line-transformed':
    case 'text-transformed':
      return 'reverse';
    case 'line-received':
    case 'text-received':
      return 'use';
    case 'end-called':
      return 'end';
    case 'end-received':
      return 'recv';
    case 'closed':
      return 'close';
    case 'server-closed':
      return event.server === 2 ? 'close-server-2' : 'close-server';
    default:
      return undefined;
  }
}

/**
 * The line (counted from 0) of each side's program that its last fact before the cursor belongs to, and which side's
 * fact it is that the cursor stands on.
 */
export function litLines(
  facts: readonly TraceEvent[],
  cursor: number,
  programs: Programs,
): { readonly client: number; readonly server: number; readonly at: Side | undefined } {
  const found = { client: -1, server: -1 };
  const own = ownConnection(facts);
  let at: Side | undefined;
  for (let index = indexAt(facts, cursor); index >= 0; index -= 1) {
    const event = facts[index];
    const side = event === undefined ? undefined : sideOf(event);
    if (event === undefined || side === undefined || found[side] >= 0 || isStrangers(event, own)) continue;
    const call = callOf(event);
    if (call === undefined) continue;
    at ??= side;
    found[side] = programs[side].findIndex((candidate) => candidate.calls.includes(call));
    if (found.client >= 0 && found.server >= 0) break;
  }
  return { ...found, at };
}

// The programs as a student would write them, in Python and for Node, and which of their calls a fact belongs to.

import { EVERY_ADDRESS, SECOND_SERVER } from '../../shared/trace/fact.ts';
import type { Framing, HandOver, Side, TakenBy, TraceEvent, Transform } from '../../shared/trace/fact.ts';
import { sideOf } from '../scene/describe.ts';
import { indexAt, isOfOtherClient, ownConnection } from '../scene/ladder.ts';
import { EXPERIMENTS, type ExperimentName } from '../../shared/experiments/definitions.ts';

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
  | 'program'
  | 'program-over'
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

/** Lines as the body of a function or a loop. */
function indented(lines: readonly ProgramLine[], by: string): readonly ProgramLine[] {
  return lines.map(({ text, calls }) => ({ text: `${by}${text}`, calls }));
}

/** As the course's proj.py: one program, a thread for each side, both started in the main program. */
const PYTHON_RACE: Programs = {
  client: [
    line('def client():'),
    ...indented(PYTHON_WELCOME.client, '    '),
    line(' '),
    line('time.sleep(PAUSE)', 'sleep'),
    line('t2 = Thread(target=client)'),
    line('t2.start()'),
  ],
  server: [
    line('def server():'),
    ...indented(PYTHON_WELCOME.server, '    '),
    line(' '),
    line('t1 = Thread(target=server)'),
    line('t1.start()'),
  ],
};

/** One server that stays, and clients one after the other. */
const PYTHON_PORTS: Programs = {
  client: [line('for run in range(RUNS):'), ...indented(PYTHON_WELCOME.client, '    ')],
  server: [
    ...PYTHON_OPEN_SERVER.slice(0, -1),
    line('for run in range(RUNS):'),
    line('    conn, addr = ss.accept()', 'accept'),
    line('    conn.sendall(GREETING.encode())', 'send'),
    line('    conn.close()', 'end', 'close'),
    line('ss.close()', 'close-server'),
  ],
};

const PYTHON: Readonly<Record<Exclude<ExperimentName, 'boundaries'>, Programs>> = {
  welcome: PYTHON_WELCOME,
  race: PYTHON_RACE,
  ports: PYTHON_PORTS,
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

const NODE_RACE: Programs = {
  client: [
    line('// client.js, its own thread'),
    ...NODE_WELCOME.client,
    line('// main.js'),
    line('await setTimeout(PAUSE);', 'sleep'),
    line("new Worker('./client.js');"),
  ],
  server: [
    line('// server.js, its own thread'),
    ...NODE_WELCOME.server,
    line('// main.js'),
    line("new Worker('./server.js');"),
  ],
};

const NODE_PORTS: Programs = {
  client: [line('for (let run = 0; run < RUNS; run++) {'), ...indented(NODE_WELCOME.client, '  '), line('}')],
  server: NODE_WELCOME.server,
};

const NODE: Readonly<Record<Exclude<ExperimentName, 'boundaries'>, Programs>> = {
  welcome: NODE_WELCOME,
  race: NODE_RACE,
  ports: NODE_PORTS,
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
      line('    const reversed = reverse(text);', 'reverse'),
      line('    conn.end(reversed);', 'send', 'end'),
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
      line('      const reversed = reverse(line);', 'reverse'),
      line("      conn.write(reversed + '\\n');", 'send'),
      line('    }'),
      line('  });'),
      line("  conn.on('end', () => conn.end());", 'end'),
    ]),
  },
};

/** The program that had the port before and did not set SO_REUSEADDR: always Python, because Node always sets it. */
const PREVIOUS_OWNER: readonly ProgramLine[] = [
  line('# first another program, in Python'),
  line('ss = socket.socket()'),
  line('ss.bind(("127.0.0.1", PORT))'),
  line('ss.listen(1)', 'program'),
  line('conn, addr = ss.accept()'),
  line('conn.sendall(GREETING)'),
  line('conn.close()  # closes first'),
  line('ss.close()', 'program-over'),
];

const TIME_WAIT: Readonly<Record<Language, Programs>> = {
  Python: {
    client: PYTHON_WELCOME.client,
    server: [
      ...PREVIOUS_OWNER,
      line('# then our server'),
      line('ss = socket.socket()', 'socket', 'socket-2'),
      line('ss.setsockopt(SOL_SOCKET,'),
      line('    SO_REUSEADDR, 1)  # no help'),
      line('ss.bind(("127.0.0.1", PORT))', 'bind', 'bind-2', 'fail-2'),
      line('ss.listen(1)', 'listen'),
      line('ss.close()', 'close-server', 'close-server-2'),
    ],
  },
  Node: {
    client: NODE_WELCOME.client,
    server: [
      ...PREVIOUS_OWNER,
      line('// then our server, with SO_REUSEADDR'),
      line('const ss = net.createServer();', 'socket', 'socket-2'),
      line("ss.on('error', console.error);", 'fail-2'),
      line("ss.listen(PORT, '127.0.0.1');", 'bind', 'bind-2', 'listen'),
      line('ss.close();', 'close-server', 'close-server-2'),
    ],
  },
};

/** What was chosen for a run, as far as its programs differ by it. */
export interface Choices {
  readonly transform?: Transform;
  /** Of the round of `boundaries`. */
  readonly framing?: Framing;
  readonly handOver?: HandOver;
  readonly takenBy?: TakenBy;
  /** The server listens on every address of its machine. */
  readonly openToNetwork?: boolean;
  /** How many lines of a file may be on their way at once. */
  readonly inFlight?: number;
}

/** How the client of `boundaries` writes its bytes: what stands between connect() and the end of its side. */
const SPLIT_WRITES: Readonly<Record<Language, Readonly<Record<HandOver, readonly ProgramLine[]>>>> = {
  Python: {
    'a-write-a-line': [line('for line in open("in-proj.txt","rb"):'), line('    cs.sendall(line)', 'send')],
    'all-at-once': [line('data = open("in-proj.txt","rb").read()'), line('cs.sendall(data)', 'send')],
    'byte-by-byte': [
      line('data = open("in-proj.txt","rb").read()'),
      line('for byte in data:'),
      line('    cs.sendall(bytes([byte]))', 'send'),
    ],
    'inside-a-character': [
      line('data = open("in-proj.txt","rb").read()'),
      line('for half in data[:CUT], data[CUT:]:'),
      line('    cs.sendall(half)', 'send'),
    ],
  },
  Node: {
    'a-write-a-line': [
      line('for (const line of lines) {'),
      line("  cs.write(line + '\\n');", 'send'),
      line('}'),
    ],
    'all-at-once': [line('cs.write(data);', 'send')],
    'byte-by-byte': [
      line('for (const byte of data) {'),
      line('  cs.write(Buffer.of(byte));', 'send'),
      line('}'),
    ],
    'inside-a-character': [
      line('for (const half of halves) {'),
      line('  cs.write(half);', 'send'),
      line('}'),
    ],
  },
};

/** The server that treats each read as a line. */
const EACH_READ: Readonly<Record<Language, readonly ProgramLine[]>> = {
  Python: [
    ...PYTHON_OPEN_SERVER,
    line('while data := conn.recv(4096):', 'recv'),
    line('    text = data.decode()[::-1]', 'reverse'),
    line('    conn.sendall(text.encode())', 'send'),
    line('conn.close()', 'end', 'close'),
    line('ss.close()', 'close-server'),
  ],
  Node: nodeServer([
    line("  conn.on('data', (data) => {", 'recv'),
    line('    const reversed = reverse(data);', 'reverse'),
    line('    conn.write(reversed);', 'send'),
    line('  });'),
    line("  conn.on('end', () => conn.end());", 'end'),
  ]),
};

/** Lost boundaries: the client by how it splits its writes, the server by what it treats as a line. */
function boundaryPrograms(language: Language, framing: Framing, handOver: HandOver): Programs {
  const { string, file } = language === 'Python' ? PYTHON : NODE;
  const opening = language === 'Python' ? PYTHON_OPEN_CLIENT : NODE_OPEN_CLIENT;
  const closing: readonly ProgramLine[] =
    language === 'Python'
      ? string.client.slice(PYTHON_OPEN_CLIENT.length + 1)
      : [line('cs.end();', 'end'), ...string.client.slice(NODE_OPEN_CLIENT.length + 1)];
  return {
    client: [...opening, ...SPLIT_WRITES[language][handOver], ...closing],
    server:
      framing === 'each-read' ? EACH_READ[language] : framing === 'newlines' ? file.server : string.server,
  };
}

/** The client of a file that has so many lines on their way before it reads a reply. */
const LINES_IN_FLIGHT: Readonly<Record<Language, (inFlight: number) => readonly ProgramLine[]>> = {
  Python: (inFlight) => [
    ...PYTHON_OPEN_CLIENT,
    line('replies = cs.makefile("rb")'),
    line('on_their_way = 0'),
    line('for line in open("in-proj.txt","rb"):'),
    line(`    if on_their_way == ${inFlight}:`),
    line('        reply = replies.readline()', 'recv'),
    line('        out.write(reply)', 'use'),
    line('        on_their_way -= 1'),
    line('    cs.sendall(line)', 'send'),
    line('    on_their_way += 1'),
    line('for _ in range(on_their_way):'),
    line('    out.write(replies.readline())'),
    line('cs.close()', 'end', 'close'),
  ],
  Node: (inFlight) => [
    ...NODE_OPEN_CLIENT,
    line('let onTheirWay = 0;'),
    line('for (const line of lines) {'),
    line(`  if (onTheirWay === ${inFlight}) {`),
    line('    const reply = await nextLine(cs);', 'recv'),
    line("    out.write(reply + '\\n');", 'use'),
    line('    onTheirWay -= 1;'),
    line('  }'),
    line("  cs.write(line + '\\n');", 'send'),
    line('  onTheirWay += 1;'),
    line('}'),
    line('for (; onTheirWay > 0; onTheirWay -= 1)'),
    line("  out.write(await nextLine(cs) + '\\n');"),
    line('cs.end();', 'end', 'close'),
  ],
};

export function programOf(
  experiment: ExperimentName,
  side: Side,
  language: Language,
  {
    transform = 'reverse',
    takenBy,
    framing = 'newlines',
    handOver = 'a-write-a-line',
    openToNetwork = false,
    inFlight = 1,
  }: Choices = {},
): readonly ProgramLine[] {
  if (experiment === 'boundaries') return boundaryPrograms(language, framing, handOver)[side];
  if (experiment === 'in-use' && takenBy === 'time-wait') return TIME_WAIT[language][side];
  if (experiment === 'file' && side === 'client' && inFlight > 1) return LINES_IN_FLIGHT[language](inFlight);
  const listed = (language === 'Python' ? PYTHON : NODE)[experiment][side];
  const lines = openToNetwork && EXPERIMENTS[experiment].canBeOpened ? listed.map(onEveryAddress) : listed;
  if (transform === 'reverse') return lines;
  return lines.map(({ text, calls }) => ({ text: inAnotherCase(text, transform), calls }));
}

/** The line in which a server binds its address, as one that binds every address. */
function onEveryAddress({ text, calls }: ProgramLine): ProgramLine {
  return { text: calls.includes('bind') ? text.replace('127.0.0.1', EVERY_ADDRESS) : text, calls };
}

/** A line of a program that reverses, as one that changes the case instead. */
function inAnotherCase(text: string, transform: Exclude<Transform, 'reverse'>): string {
  const upper = transform === 'upper-case';
  return text
    .replace('[::-1]', upper ? '.upper()' : '.swapcase()')
    .replace(/reverse\((\w+)\)/, upper ? '$1.toUpperCase()' : 'swapCase($1)')
    .replace(/\breversed\b/, 'answer');
}

/** The call of a program that a fact belongs to; undefined for facts that no line of a program makes. */
function callOf(event: TraceEvent): Call | undefined {
  switch (event.kind) {
    case 'server-created':
      return event.peer === SECOND_SERVER ? 'socket-2' : 'socket';
    case 'client-created':
      return 'socket';
    case 'listen-called':
      return event.peer === SECOND_SERVER ? 'bind-2' : 'bind';
    case 'failed':
      return event.peer === SECOND_SERVER ? 'fail-2' : undefined;
    case 'program-started':
      return 'program';
    case 'program-ended':
      return 'program-over';
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
      return event.peer === SECOND_SERVER ? 'close-server-2' : 'close-server';
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
    if (event === undefined || side === undefined || found[side] >= 0 || isOfOtherClient(event, own))
      continue;
    const call = callOf(event);
    if (call === undefined) continue;
    at ??= side;
    found[side] = programs[side].findIndex((candidate) => candidate.calls.includes(call));
    if (found.client >= 0 && found.server >= 0) break;
  }
  return { ...found, at };
}

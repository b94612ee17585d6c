// A trace as text, one fact a line, and back: with what is wrong and why where a line is no fact. trace/recorder.ts
// writes it, trace/trace-log.ts reads it; the file may come from anybody, so nothing in it is believed unchecked.

import type { Problem, ProblemCode, ProblemDetail, Result } from './result.ts';
import { failed, succeeded } from './result.ts';
import { EXPERIMENT_NAMES, TRACE_FORMAT } from './trace.ts';
import type {
  Endpoint,
  Fact,
  FactKind,
  PortHolder,
  RecordedBytes,
  RuntimeVersions,
  Stamp,
  TraceEvent,
} from './trace.ts';

/** One fact as one line of JSON, without the LF: `seq`, `atUs` and `kind` first. */
export function formatFact(event: TraceEvent): string {
  const { seq, atUs, ...fact } = event;
  return formatStamped(fact, seq, atUs);
}

/** As `formatFact`, for a fact that has no stamp of its own. The facts of which there are millions are put together by
 * hand, which takes a third of the time that JSON.stringify takes for them. */
export function formatStamped(fact: Fact, seq: number, atUs: number): string {
  const stamp = `{"seq":${seq},"atUs":${atUs},`;
  switch (fact.kind) {
    case 'wrote': {
      const line = fact.line === undefined ? '' : `,"line":${fact.line}`;
      return `${stamp}"kind":"wrote","seenBy":"program","side":"${fact.side}","connection":${fact.connection},"offset":${fact.offset},"bytes":${fact.bytes}${line},"data":${formatData(fact.data)}}`;
    }
    case 'read': {
      const data = fact.data === undefined ? '' : `,"data":${formatData(fact.data)}`;
      return `${stamp}"kind":"read","seenBy":"program","side":"${fact.side}","connection":${fact.connection},"offset":${fact.offset},"bytes":${fact.bytes}${data}}`;
    }
    case 'line-transformed':
      return `${stamp}"kind":"line-transformed","seenBy":"program","connection":${fact.connection},"line":${fact.line},"offset":${fact.offset},"bytes":${fact.bytes},"by":"${fact.by}","validUtf8":${fact.validUtf8 ? 'true' : 'false'}}`;
    case 'line-received':
      return `${stamp}"kind":"line-received","seenBy":"program","connection":${fact.connection},"line":${fact.line},"offset":${fact.offset},"bytes":${fact.bytes}}`;
    default:
      return stamp + JSON.stringify(fact).slice(1);
  }
}

function formatData(data: RecordedBytes): string {
  return 'text' in data ? `{"text":${JSON.stringify(data.text)}}` : `{"base64":"${data.base64}"}`;
}

/**
 * Reads one line of a trace. `expectedSeq` is the number that the line must carry; only `detail-left-out` may be
 * further on, by the number of facts that it says were left out. A failure is `run-damaged` and its message says what
 * is wrong with the line, as the end of a sentence ("…: its seq is 7 and should be 6"). Fields that this version does
 * not know are dropped.
 */
export function parseFact(text: string, expectedSeq: number): Result<TraceEvent> {
  const parsed = parseFactAnywhere(text);
  if (!parsed.ok) return parsed;
  const event = parsed.value;
  const wanted = event.kind === 'detail-left-out' ? expectedSeq + event.facts : expectedSeq;
  if (event.seq !== wanted) return damaged(`its seq is ${event.seq} and should be ${wanted}`);
  return parsed;
}

/** As `parseFact`, whatever the number that the line carries: for a line from the middle of a trace. */
export function parseFactAnywhere(text: string): Result<TraceEvent> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return damaged('it is no JSON');
  }
  if (!isRecord(value)) return damaged('it is no JSON object');
  const { kind } = value;
  if (typeof kind !== 'string') return damaged('it has no field kind');
  if (kind === 'run-started' && typeof value.format === 'number' && value.format > TRACE_FORMAT) {
    return damaged(
      `it is of trace format ${value.format}, from a newer SocketScope; this one reads format ${TRACE_FORMAT}`,
    );
  }
  if (!isKnownKind(kind)) return damaged(`its kind ${JSON.stringify(kind.slice(0, 40))} is unknown`);
  const shape = SHAPES[kind];
  if (!shape.is(value)) return damaged(shape.fault(value) ?? 'it is no fact');
  shape.dropUnknown(value);
  return succeeded(value);
}

function damaged(what: string): { readonly ok: false; readonly problem: Problem } {
  return failed('run-damaged', what);
}

type Unchecked = Record<string, unknown>;

function isRecord(value: unknown): value is Unchecked {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Checks one value: whether it is a T, and what it should have been. */
interface Check<T> {
  readonly wants: string;
  is(value: unknown): value is T;
  /** Removes the fields that this version does not know, where the value is an object. */
  dropUnknown?(value: unknown): void;
}

interface Required<T> extends Check<T> {
  readonly optional?: false;
}

interface Optional<T> extends Check<T> {
  readonly optional: true;
}

/** A check for every field of T: leaving one out, or taking one that may be absent for required, does not compile. */
type Checks<T> = {
  readonly [Name in keyof T]-?: undefined extends T[Name]
    ? Optional<Exclude<T[Name], undefined>>
    : Required<T[Name]>;
};

interface Shape<T> extends Check<T> {
  /** What is wrong with the value, or undefined. */
  fault(value: unknown): string | undefined;
  dropUnknown(value: unknown): void;
}

function shapeOf<T>(checks: Checks<T>): Shape<T>;
function shapeOf(checks: Readonly<Record<string, Required<unknown> | Optional<unknown>>>): Shape<unknown> {
  const fields = Object.entries(checks);
  const known = new Set(Object.keys(checks));

  const fault = (value: unknown): string | undefined => {
    if (!isRecord(value)) return 'it is no object';
    for (const [name, check] of fields) {
      if (!Object.hasOwn(value, name)) {
        if (check.optional !== true) return `it has no field ${name}`;
      } else if (!check.is(value[name])) return `its field ${name} is not ${check.wants}`;
    }
    return undefined;
  };
  return {
    wants: `an object with ${[...known].join(', ')}`,
    is: (value): value is unknown => fault(value) === undefined,
    fault,
    dropUnknown(value) {
      if (!isRecord(value)) return;
      for (const name of Object.keys(value)) if (!known.has(name)) Reflect.deleteProperty(value, name);
      for (const [name, check] of fields) check.dropUnknown?.(value[name]);
    },
  };
}

function optional<T>(check: Check<T>): Optional<T> {
  return { ...check, optional: true };
}

function oneOf<const T extends string | number>(...allowed: readonly T[]): Check<T> {
  const known: readonly unknown[] = allowed;
  return {
    wants: allowed.map((value) => JSON.stringify(value)).join(' or '),
    is: (value): value is T => known.includes(value),
  };
}

/** A whole number from `from` to `to`, both included. */
function whole(from: number, to = Number.MAX_SAFE_INTEGER): Check<number> {
  return {
    wants:
      to === Number.MAX_SAFE_INTEGER
        ? `a whole number from ${from} up`
        : `a whole number from ${from} to ${to}`,
    is: (value): value is number => Number.isSafeInteger(value) && inRange(value, from, to),
  };
}

function inRange(value: unknown, from: number, to: number): boolean {
  return typeof value === 'number' && value >= from && value <= to;
}

/** Far above any name, path or sentence, and little enough for a window to show: only what was sent may be longer. */
const MOST_TEXT_CHARACTERS = 65_536;

const text: Check<string> = {
  wants: `a text of at most ${MOST_TEXT_CHARACTERS} characters`,
  is: (value): value is string => typeof value === 'string' && value.length <= MOST_TEXT_CHARACTERS,
};

/** No file system has longer names. */
const MOST_NAME_CHARACTERS = 255;

const fileName: Check<string> = {
  wants: `a name of at most ${MOST_NAME_CHARACTERS} characters`,
  is: (value): value is string => typeof value === 'string' && value.length <= MOST_NAME_CHARACTERS,
};

/** Bytes that were sent or read; how long a line of the file may be bounds them. */
const sentText: Check<string> = {
  wants: 'a text',
  is: (value): value is string => typeof value === 'string',
};

const truth: Check<boolean> = {
  wants: 'true or false',
  is: (value): value is boolean => typeof value === 'boolean',
};

const time: Check<number> = {
  wants: 'a number of microseconds from 0 up',
  is: (value): value is number => inRange(value, 0, Number.MAX_SAFE_INTEGER),
};

/** ISO 8601 as `Date.toISOString` writes it. */
const wallClock: Check<string> = {
  wants: 'a time such as 2026-01-31T12:00:00.000Z',
  is: (value): value is string =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value),
};

const number = whole(0);
const ordinal = whole(1);
const port = whole(0, 65_535);
const program = oneOf('program');
const side = oneOf('client', 'server');
const unit = oneOf('grapheme', 'codepoint', 'byte');
/** The longest is an IPv6 address with an IPv4 one in it (45 characters) and the name of an interface (15). */
const MOST_ADDRESS_CHARACTERS = 64;

const address: Check<string> = {
  wants: `an address of at most ${MOST_ADDRESS_CHARACTERS} characters`,
  is: (value): value is string => typeof value === 'string' && value.length <= MOST_ADDRESS_CHARACTERS,
};
const endpoint: Shape<Endpoint> = shapeOf<Endpoint>({ address, port });

const withText = shapeOf<Extract<RecordedBytes, { text: string }>>({
  text: sentText,
  leftOutBytes: optional(number),
});
const withBase64 = shapeOf<Extract<RecordedBytes, { base64: string }>>({
  base64: {
    wants: 'base 64',
    is: (value): value is string =>
      typeof value === 'string' && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value),
  },
  leftOutBytes: optional(number),
});
const bytes: Check<RecordedBytes> = {
  wants: 'an object with text or base64',
  is: (value): value is RecordedBytes => withText.is(value) || withBase64.is(value),
  dropUnknown(value) {
    (isRecord(value) && Object.hasOwn(value, 'text') ? withText : withBase64).dropUnknown(value);
  },
};

const seconds: Check<number> = {
  wants: 'a number of seconds from 0 up',
  is: (value): value is number => inRange(value, 0, Number.MAX_SAFE_INTEGER),
};

type HolderOf<What extends PortHolder['what']> = Extract<PortHolder, { what: What }>;

/** Linux, macOS and Windows all number processes from 1 up; 0 is nobody. */
const owner = { pid: optional(ordinal), program: optional(text) };
const HOLDERS: { readonly [What in PortHolder['what']]: Shape<HolderOf<What>> } = {
  listener: shapeOf<HolderOf<'listener'>>({ what: oneOf('listener'), local: endpoint, ...owner }),
  'time-wait': shapeOf<HolderOf<'time-wait'>>({
    what: oneOf('time-wait'),
    local: endpoint,
    remote: endpoint,
    secondsLeft: optional(seconds),
  }),
  connection: shapeOf<HolderOf<'connection'>>({
    what: oneOf('connection'),
    local: endpoint,
    remote: endpoint,
    ...owner,
  }),
  unknown: shapeOf<HolderOf<'unknown'>>({ what: oneOf('unknown'), why: text }),
};

function isHolderKind(what: unknown): what is PortHolder['what'] {
  return typeof what === 'string' && Object.hasOwn(HOLDERS, what);
}

const holder: Check<PortHolder> = {
  wants: 'a listener, a connection in TIME_WAIT, a connection, or unknown, with what belongs to it',
  is: (value): value is PortHolder =>
    isRecord(value) && isHolderKind(value.what) && HOLDERS[value.what].is(value),
  dropUnknown(value) {
    if (isRecord(value) && isHolderKind(value.what)) HOLDERS[value.what].dropUnknown(value);
  },
};

const runtime = shapeOf<RuntimeVersions>({
  app: text,
  node: text,
  platform: text,
  arch: text,
  electron: optional(text),
  chromium: optional(text),
});

/** Every code there is, so that the compiler asks for a new one here. */
const PROBLEM_CODES: Readonly<Record<ProblemCode, true>> = {
  'port-in-use': true,
  'port-not-permitted': true,
  'listen-failed': true,
  'too-many-clients': true,
  'connection-refused': true,
  'connection-reset': true,
  'connect-failed': true,
  'server-closed-early': true,
  'file-missing': true,
  'is-a-folder': true,
  'not-a-regular-file': true,
  'not-readable': true,
  'several-files': true,
  'file-changed': true,
  'line-too-long': true,
  'disk-full': true,
  'not-writable': true,
  'save-failed': true,
  'target-is-input': true,
  'result-dropped-on-itself': true,
  'not-a-run': true,
  'run-damaged': true,
  'run-not-finished': true,
  'not-kept': true,
  'run-replaced': true,
  'nothing-to-save': true,
  cancelled: true,
  'window-closed': true,
  busy: true,
  'bad-option': true,
  'input-too-large': true,
  'program-missing': true,
  'program-failed': true,
  unexpected: true,
};

const problem = shapeOf<Problem>({
  code: {
    wants: 'a known code of a problem',
    is: (value): value is ProblemCode => typeof value === 'string' && Object.hasOwn(PROBLEM_CODES, value),
  },
  message: text,
  detail: shapeOf<ProblemDetail>({
    errorCode: optional(text),
    errno: optional(number),
    syscall: optional(text),
    address: optional(text),
    port: optional(port),
    path: optional(text),
    line: optional(ordinal),
    bytes: optional(number),
    limitBytes: optional(number),
  }),
});

const stamp = { seq: ordinal, atUs: time } satisfies Checks<Stamp>;
const isKind = <const Kind extends FactKind>(kind: Kind): Check<Kind> => oneOf(kind);
const seen = { ...stamp, seenBy: program };
const onConnection = { ...seen, connection: ordinal };
const onSide = { ...onConnection, side };
const span = { offset: number, bytes: number };
/** On the facts of a second server. */
const second = optional(oneOf(2));

type FactOf<Kind extends FactKind> = Extract<TraceEvent, { kind: Kind }>;

/** How each kind of fact looks. */
const SHAPES: { readonly [Kind in FactKind]: Shape<FactOf<Kind>> } = {
  'run-started': shapeOf<FactOf<'run-started'>>({
    ...seen,
    kind: isKind('run-started'),
    format: oneOf(TRACE_FORMAT),
    experiment: oneOf(...EXPERIMENT_NAMES),
    startedAt: wallClock,
    runtime,
    requested: endpoint,
    by: unit,
    transform: optional(oneOf('reverse', 'upper-case', 'swap-case')),
    rounds: optional(ordinal),
    pauseMs: optional(number),
    readWhen: optional(oneOf('late', 'after-each-write')),
    takenBy: optional(oneOf('listener', 'time-wait')),
    // The terminal command takes no larger limit, and a reader's memory must not depend on what a file claims.
    maxLineBytes: whole(1, 67_108_864),
    input: shapeOf<FactOf<'run-started'>['input']>({ name: fileName, bytes: number }),
  }),
  'ephemeral-range-read': shapeOf<FactOf<'ephemeral-range-read'>>({
    ...stamp,
    kind: isKind('ephemeral-range-read'),
    seenBy: oneOf('kernel'),
    from: port,
    to: port,
    source: text,
  }),
  'round-started': shapeOf<FactOf<'round-started'>>({
    ...seen,
    kind: isKind('round-started'),
    round: ordinal,
    framing: optional(oneOf('each-read', 'whole-stream', 'newlines')),
    handOver: optional(oneOf('a-write-a-line', 'all-at-once', 'byte-by-byte', 'inside-a-character')),
  }),
  'program-started': shapeOf<FactOf<'program-started'>>({
    ...seen,
    kind: isKind('program-started'),
    program: text,
    version: optional(text),
    pid: ordinal,
  }),
  'program-ended': shapeOf<FactOf<'program-ended'>>({
    ...seen,
    kind: isKind('program-ended'),
    program: text,
    pid: ordinal,
    exitCode: optional(number),
  }),
  'server-created': shapeOf<FactOf<'server-created'>>({
    ...seen,
    kind: isKind('server-created'),
    server: second,
  }),
  'host-named': shapeOf<FactOf<'host-named'>>({
    ...seen,
    kind: isKind('host-named'),
    hostName: text,
    address: optional(text),
  }),
  'listen-called': shapeOf<FactOf<'listen-called'>>({
    ...seen,
    kind: isKind('listen-called'),
    requested: endpoint,
    server: second,
  }),
  listening: shapeOf<FactOf<'listening'>>({
    ...seen,
    kind: isKind('listening'),
    local: endpoint,
    server: second,
  }),
  'client-created': shapeOf<FactOf<'client-created'>>({ ...seen, kind: isKind('client-created') }),
  'connect-called': shapeOf<FactOf<'connect-called'>>({
    ...seen,
    kind: isKind('connect-called'),
    remote: endpoint,
  }),
  connected: shapeOf<FactOf<'connected'>>({
    ...onConnection,
    kind: isKind('connected'),
    local: endpoint,
    remote: endpoint,
  }),
  accepted: shapeOf<FactOf<'accepted'>>({
    ...onConnection,
    kind: isKind('accepted'),
    local: endpoint,
    remote: endpoint,
  }),
  wrote: shapeOf<FactOf<'wrote'>>({
    ...onSide,
    ...span,
    kind: isKind('wrote'),
    data: bytes,
    line: optional(ordinal),
  }),
  read: shapeOf<FactOf<'read'>>({ ...onSide, ...span, kind: isKind('read'), data: optional(bytes) }),
  'line-transformed': shapeOf<FactOf<'line-transformed'>>({
    ...onConnection,
    ...span,
    kind: isKind('line-transformed'),
    line: ordinal,
    by: unit,
    validUtf8: truth,
  }),
  'text-transformed': shapeOf<FactOf<'text-transformed'>>({
    ...onConnection,
    ...span,
    kind: isKind('text-transformed'),
    by: unit,
    validUtf8: truth,
  }),
  'line-received': shapeOf<FactOf<'line-received'>>({
    ...onConnection,
    ...span,
    kind: isKind('line-received'),
    line: ordinal,
  }),
  'text-received': shapeOf<FactOf<'text-received'>>({ ...onSide, ...span, kind: isKind('text-received') }),
  'port-examined': shapeOf<FactOf<'port-examined'>>({
    ...stamp,
    kind: isKind('port-examined'),
    seenBy: oneOf('kernel'),
    port,
    holder,
    source: text,
  }),
  'port-awaited': shapeOf<FactOf<'port-awaited'>>({ ...seen, kind: isKind('port-awaited'), port }),
  'time-wait-examined': shapeOf<FactOf<'time-wait-examined'>>({
    ...stamp,
    kind: isKind('time-wait-examined'),
    seenBy: oneOf('kernel'),
    connection: ordinal,
    found: optional(
      shapeOf<NonNullable<FactOf<'time-wait-examined'>['found']>>({
        side,
        local: endpoint,
        remote: endpoint,
        secondsLeft: optional(seconds),
      }),
    ),
    source: text,
  }),
  'queue-examined': shapeOf<FactOf<'queue-examined'>>({
    ...stamp,
    kind: isKind('queue-examined'),
    seenBy: oneOf('kernel'),
    side,
    connection: ordinal,
    bytes: number,
    source: text,
  }),
  slept: shapeOf<FactOf<'slept'>>({ ...seen, kind: isKind('slept'), side, ms: number }),
  'end-called': shapeOf<FactOf<'end-called'>>({ ...onSide, kind: isKind('end-called') }),
  'end-received': shapeOf<FactOf<'end-received'>>({ ...onSide, kind: isKind('end-received') }),
  closed: shapeOf<FactOf<'closed'>>({ ...onSide, kind: isKind('closed'), hadError: truth }),
  'server-closed': shapeOf<FactOf<'server-closed'>>({
    ...seen,
    kind: isKind('server-closed'),
    server: second,
  }),
  failed: shapeOf<FactOf<'failed'>>({
    ...seen,
    kind: isKind('failed'),
    side: optional(side),
    connection: optional(ordinal),
    server: second,
    problem,
  }),
  'detail-left-out': shapeOf<FactOf<'detail-left-out'>>({
    ...seen,
    kind: isKind('detail-left-out'),
    reason: text,
    facts: number,
    lines: number,
  }),
  'run-ended': shapeOf<FactOf<'run-ended'>>({
    ...seen,
    kind: isKind('run-ended'),
    outcome: oneOf('completed', 'failed', 'cancelled'),
    linesSent: number,
    linesReceived: number,
    resultBytes: number,
    linesByByte: number,
  }),
};

function isKnownKind(kind: string): kind is FactKind {
  return Object.hasOwn(SHAPES, kind);
}

// The trace's text format: one fact a line, as JSON. A trace may be untrusted, so every field is validated. A line that is
// not a fact is a problem that says why.

import type { Problem, ProblemCode, ProblemDetail, Result } from '../result.ts';
import { failed, succeeded } from '../result.ts';
import { upgraded, type Unchecked } from './older-formats.ts';
import { base64Of, bytesOfBase64, bytesOfText, utf8TextOf } from './recorded-bytes.ts';
import { TRACE_FORMAT } from './fact.ts';
import type {
  Endpoint,
  Fact,
  FactKind,
  PortHolder,
  RecordedBytes,
  RecordedOptions,
  RuntimeVersions,
  Stamp,
  TraceEvent,
} from './fact.ts';
import { EXPERIMENT_NAMES, OPTIONS, RECORDED_NAMES, type OptionName } from '../experiments/definitions.ts';
import { optionFault } from '../experiments/options.ts';

/** One fact as one line of JSON, without the LF: `seq`, `atUs` and `kind` first. */
export function formatFact(event: TraceEvent): string {
  const { seq, atUs, late, ...fact } = event;
  return formatStamped(fact, seq, atUs, late);
}

/**
 * As `formatFact`, for a fact without its stamp. The frequent kinds are formatted by hand, which takes a third of
 * JSON.stringify's time.
 */
export function formatStamped(fact: Fact, seq: number, atUs: number, late?: true): string {
  const stamp = `{"seq":${seq},"atUs":${atUs},${late === undefined ? '' : '"late":true,'}`;
  switch (fact.kind) {
    case 'wrote': {
      const line = fact.line === undefined ? '' : `,"line":${fact.line}`;
      return `${stamp}"kind":"wrote","seenBy":"program","peer":${JSON.stringify(fact.peer)},"side":"${fact.side}","connection":${fact.connection},"offset":${fact.offset},"bytes":${fact.bytes}${line},"data":${formatData(fact.data)}}`;
    }
    case 'read': {
      const data = fact.data === undefined ? '' : `,"data":${formatData(fact.data)}`;
      return `${stamp}"kind":"read","seenBy":"program","peer":${JSON.stringify(fact.peer)},"side":"${fact.side}","connection":${fact.connection},"offset":${fact.offset},"bytes":${fact.bytes}${data}}`;
    }
    case 'line-transformed':
      return `${stamp}"kind":"line-transformed","seenBy":"program","peer":${JSON.stringify(fact.peer)},"connection":${fact.connection},"line":${fact.line},"offset":${fact.offset},"bytes":${fact.bytes},"by":"${fact.by}","validUtf8":${fact.validUtf8 ? 'true' : 'false'}}`;
    case 'line-received':
      return `${stamp}"kind":"line-received","seenBy":"program","peer":${JSON.stringify(fact.peer)},"connection":${fact.connection},"line":${fact.line},"offset":${fact.offset},"bytes":${fact.bytes}}`;
    default:
      return stamp + JSON.stringify(fact).slice(1);
  }
}

/** Bytes as text where they are valid UTF-8 (a BOM included), else in base 64. */
function formatData({ bytes }: RecordedBytes): string {
  const text = utf8TextOf(bytes);
  return text === undefined ? `{"base64":"${base64Of(bytes)}"}` : `{"text":${JSON.stringify(text)}}`;
}

/** Parses the lines of one trace, in order. */
export interface FactParser {
  /**
   * Parses one line. `expectedSeq` is the `seq` that the line must have; only that of `detail-left-out` is larger, by the
   * number of facts that were left out. A failure is `run-damaged`, and its message says what is wrong with the line, as
   * the end of a sentence ("…: its seq is 7 and should be 6"), or `newer-format`. Unknown fields are dropped.
   */
  parse(text: string, expectedSeq: number): Result<TraceEvent>;
}

/** A parser for one trace of any format: the first fact says which. Facts of an older format come as facts of this one. */
export function createFactParser(): FactParser {
  let format: number = TRACE_FORMAT;
  return {
    parse(text, expectedSeq) {
      const object = objectOf(text);
      if (!object.ok) return object;
      const { kind, format: claimed } = object.value;
      if (kind === 'run-started' && typeof claimed === 'number') {
        if (claimed > TRACE_FORMAT) return failed('newer-format', newerFormat(claimed));
        format = claimed;
      }
      const parsed = factOf(upgraded(object.value, format));
      if (!parsed.ok) return parsed;
      const event = parsed.value;
      const wanted = event.kind === 'detail-left-out' ? expectedSeq + event.facts : expectedSeq;
      if (event.seq !== wanted) return damaged(`its seq is ${event.seq} and should be ${wanted}`);
      return parsed;
    },
  };
}

function newerFormat(format: number): string {
  return `it is of trace format ${format}, from a newer SocketScope; this one reads formats up to ${TRACE_FORMAT}`;
}

/** Parses one fact of this format, of any `seq`: one from the middle of a trace. */
export function parseFactAnywhere(text: string): Result<TraceEvent> {
  const object = objectOf(text);
  return object.ok ? factOf(object.value) : object;
}

function objectOf(text: string): Result<Unchecked> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return damaged('it is no JSON');
  }
  return isRecord(value) ? succeeded(value) : damaged('it is no JSON object');
}

function factOf(value: Unchecked): Result<TraceEvent> {
  const { kind } = value;
  if (typeof kind !== 'string') return damaged('it has no field kind');
  if (!isKnownKind(kind)) return damaged(`its kind ${JSON.stringify(kind.slice(0, 40))} is unknown`);
  const shape = SHAPES[kind];
  const event = shape.parse(value);
  return event === undefined ? damaged(shape.fault(value) ?? 'it is no fact') : succeeded(event);
}

function damaged(what: string): { readonly ok: false; readonly problem: Problem } {
  return failed('run-damaged', what);
}

function isRecord(value: unknown): value is Unchecked {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Parses one value. The result must be built from checked values only: an object of the file is never returned, so that no
 * unchecked field gets through.
 */
interface Check<T> {
  /** The expected value, in words. */
  readonly expected: string;
  /** The value as a T; undefined where it is not one. */
  parse(value: unknown): T | undefined;
}

interface Required<T> extends Check<T> {
  readonly optional?: false;
}

interface Optional<T> extends Check<T> {
  readonly optional: true;
}

/** A check for every field of T. A missing check, or a required check for an optional field, does not compile. */
type Checks<T> = {
  readonly [Name in keyof T]-?: undefined extends T[Name]
    ? Optional<Exclude<T[Name], undefined>>
    : Required<T[Name]>;
};

interface Shape<T> extends Check<T> {
  /** What is wrong with the value, or undefined. */
  fault(value: unknown): string | undefined;
}

function shapeOf<T>(checks: Checks<T>): Shape<T>;
function shapeOf(checks: Readonly<Record<string, Required<unknown> | Optional<unknown>>>): Shape<unknown> {
  const fields = Object.entries(checks);

  /** Copies the parsed fields of `value` into `parsed`. Returns what is wrong with the first invalid one. */
  function parseInto(parsed: Unchecked, value: unknown): string | undefined {
    if (!isRecord(value)) return 'it is no object';
    for (const [name, check] of fields) {
      if (!Object.hasOwn(value, name)) {
        if (check.optional !== true) return `it has no field ${name}`;
        continue;
      }
      const field = check.parse(value[name]);
      if (field === undefined) return `its field ${name} is not ${check.expected}`;
      parsed[name] = field;
    }
    return undefined;
  }
  return {
    expected: `an object with ${Object.keys(checks).join(', ')}`,
    parse(value) {
      const parsed: Unchecked = {};
      return parseInto(parsed, value) === undefined ? parsed : undefined;
    },
    fault: (value) => parseInto({}, value),
  };
}

function optional<T>(check: Check<T>): Optional<T> {
  return { ...check, optional: true };
}

function oneOf<const T extends string | number>(...allowed: readonly T[]): Check<T> {
  return {
    expected: allowed.map((value) => JSON.stringify(value)).join(' or '),
    parse: (value) => allowed.find((known) => known === value),
  };
}

/** A whole number from `from` to `to`, both included. */
function whole(from: number, to = Number.MAX_SAFE_INTEGER): Check<number> {
  return {
    expected:
      to === Number.MAX_SAFE_INTEGER
        ? `a whole number from ${from} up`
        : `a whole number from ${from} to ${to}`,
    parse: (value) =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= from && value <= to
        ? value
        : undefined,
  };
}

function textOf(maxCharacters: number, what: string): Check<string> {
  return {
    expected: `${what} of at most ${maxCharacters} characters`,
    parse: (value) => (typeof value === 'string' && value.length <= maxCharacters ? value : undefined),
  };
}

function amountOf(what: string): Check<number> {
  return {
    expected: `a number of ${what} from 0 up`,
    parse: (value) =>
      typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : undefined,
  };
}

/** More than any name, path or sentence has, and few enough for a window to show. Only sent bytes may be longer. */
const MAX_TEXT_CHARACTERS = 65_536;

const text = textOf(MAX_TEXT_CHARACTERS, 'a text');

/** No file system has longer names. */
const MAX_NAME_CHARACTERS = 255;

const fileName = textOf(MAX_NAME_CHARACTERS, 'a name');

const truth: Check<boolean> = {
  expected: 'true or false',
  parse: (value) => (typeof value === 'boolean' ? value : undefined),
};

const time = amountOf('microseconds');

/** ISO 8601 as `Date.toISOString` writes it. */
const wallClock: Check<string> = {
  expected: 'a time such as 2026-01-31T12:00:00.000Z',
  parse: (value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) ? value : undefined,
};

const number = whole(0);
const ordinal = whole(1);
const port = whole(0, 65_535);
const program = oneOf('program');
const side = oneOf('client', 'server');
const unit = oneOf('grapheme', 'codepoint', 'byte');
/** The longest is an IPv6 address with an IPv4 one in it (45 characters) and the name of an interface (15). */
const MAX_ADDRESS_CHARACTERS = 64;

const address = textOf(MAX_ADDRESS_CHARACTERS, 'an address');
const endpoint: Shape<Endpoint> = shapeOf<Endpoint>({ address, port });

const bytes: Check<RecordedBytes> = {
  expected: 'an object with text or base64',
  parse(value) {
    if (!isRecord(value)) return undefined;
    if (typeof value.text === 'string') return bytesOfText(value.text);
    const decoded = typeof value.base64 === 'string' ? bytesOfBase64(value.base64) : undefined;
    return decoded === undefined ? undefined : { bytes: decoded };
  },
};

const seconds = amountOf('seconds');

type HolderOf<What extends PortHolder['what']> = Extract<PortHolder, { what: What }>;

/** Linux, macOS and Windows all number processes from 1 up. */
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
  expected: 'a listener, a connection in TIME_WAIT, a connection, or unknown, with what belongs to it',
  parse: (value) =>
    isRecord(value) && isHolderKind(value.what) ? HOLDERS[value.what].parse(value) : undefined,
};

const runtime = shapeOf<RuntimeVersions>({
  app: text,
  node: text,
  platform: text,
  arch: text,
  electron: optional(text),
  chromium: optional(text),
});

/** Every code: a missing one does not compile. */
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
  'notes-kept': true,
  'nothing-to-save': true,
  cancelled: true,
  'window-closed': true,
  busy: true,
  'bad-option': true,
  'input-too-large': true,
  'program-missing': true,
  'program-failed': true,
  'newer-format': true,
  unexpected: true,
};

function isProblemCode(value: unknown): value is ProblemCode {
  return typeof value === 'string' && Object.hasOwn(PROBLEM_CODES, value);
}

const problem = shapeOf<Problem>({
  code: {
    expected: 'a known code of a problem',
    parse: (value) => (isProblemCode(value) ? value : undefined),
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

/** The longest name of a peer: the path of a program and the name of a thread. */
const peer = textOf(MAX_NAME_CHARACTERS, 'the name of a peer');

/** Any value that the option may have; a number may be larger than today's limit, but where memory depends on it. */
function isRecordable(name: OptionName, value: unknown): boolean {
  const option = OPTIONS[name];
  switch (option.kind) {
    case 'int':
      return (
        typeof value === 'number' &&
        Number.isSafeInteger(value) &&
        value >= option.min &&
        (name !== 'maxLineBytes' || value <= option.max)
      );
    case 'choice':
      return optionFault(option, value) === undefined;
    case 'text':
      return false;
  }
}

function areRecordedOptions(values: Unchecked): values is RecordedOptions {
  return RECORDED_NAMES.every((name) => values[name] === undefined || isRecordable(name, values[name]));
}

const options: Check<RecordedOptions> = {
  expected: 'an object with the options of the experiment',
  parse(value) {
    if (!isRecord(value)) return undefined;
    const known: Unchecked = {};
    for (const name of RECORDED_NAMES) if (Object.hasOwn(value, name)) known[name] = value[name];
    return areRecordedOptions(known) ? known : undefined;
  },
};

const always: Check<true> = { expected: 'true', parse: (value) => (value === true ? value : undefined) };

const stamp = { seq: ordinal, atUs: time, late: optional(always) } satisfies Checks<Stamp>;
/** Every fact begins with these, in this order, as formatFact writes them. */
const begins = <const Kind extends FactKind>(kind: Kind) => ({ ...stamp, kind: oneOf(kind) });
const seen = { seenBy: program };
const byPeer = { ...seen, peer };
const onConnection = { ...byPeer, connection: ordinal };
const onSide = { ...onConnection, side };
const span = { offset: number, bytes: number };

type FactOf<Kind extends FactKind> = Extract<TraceEvent, { kind: Kind }>;

/** The fields of each kind of fact. */
const SHAPES: { readonly [Kind in FactKind]: Shape<FactOf<Kind>> } = {
  'run-started': shapeOf<FactOf<'run-started'>>({
    ...begins('run-started'),
    ...seen,
    format: oneOf(TRACE_FORMAT),
    experiment: oneOf(...EXPERIMENT_NAMES),
    startedAt: wallClock,
    runtime,
    requested: endpoint,
    options,
    input: shapeOf<FactOf<'run-started'>['input']>({ name: fileName, bytes: number }),
  }),
  'ephemeral-range-read': shapeOf<FactOf<'ephemeral-range-read'>>({
    ...begins('ephemeral-range-read'),
    seenBy: oneOf('kernel'),
    from: port,
    to: port,
    source: text,
  }),
  'round-started': shapeOf<FactOf<'round-started'>>({
    ...begins('round-started'),
    ...seen,
    round: ordinal,
    framing: optional(oneOf('each-read', 'whole-stream', 'newlines')),
    handOver: optional(oneOf('a-write-a-line', 'all-at-once', 'byte-by-byte', 'inside-a-character')),
  }),
  'program-started': shapeOf<FactOf<'program-started'>>({
    ...begins('program-started'),
    ...byPeer,
    program: text,
    version: optional(text),
    pid: ordinal,
  }),
  'program-ended': shapeOf<FactOf<'program-ended'>>({
    ...begins('program-ended'),
    ...byPeer,
    program: text,
    pid: ordinal,
    exitCode: optional(number),
  }),
  'server-created': shapeOf<FactOf<'server-created'>>({ ...begins('server-created'), ...byPeer }),
  'host-named': shapeOf<FactOf<'host-named'>>({
    ...begins('host-named'),
    ...byPeer,
    hostName: text,
    address: optional(text),
  }),
  'listen-called': shapeOf<FactOf<'listen-called'>>({
    ...begins('listen-called'),
    ...byPeer,
    requested: endpoint,
  }),
  listening: shapeOf<FactOf<'listening'>>({ ...begins('listening'), ...byPeer, local: endpoint }),
  'client-created': shapeOf<FactOf<'client-created'>>({ ...begins('client-created'), ...byPeer }),
  'connect-called': shapeOf<FactOf<'connect-called'>>({
    ...begins('connect-called'),
    ...byPeer,
    remote: endpoint,
  }),
  connected: shapeOf<FactOf<'connected'>>({
    ...begins('connected'),
    ...onConnection,
    local: endpoint,
    remote: endpoint,
  }),
  accepted: shapeOf<FactOf<'accepted'>>({
    ...begins('accepted'),
    ...onConnection,
    local: endpoint,
    remote: endpoint,
  }),
  wrote: shapeOf<FactOf<'wrote'>>({
    ...begins('wrote'),
    ...onSide,
    ...span,
    data: bytes,
    line: optional(ordinal),
  }),
  read: shapeOf<FactOf<'read'>>({ ...begins('read'), ...onSide, ...span, data: optional(bytes) }),
  'line-transformed': shapeOf<FactOf<'line-transformed'>>({
    ...begins('line-transformed'),
    ...onConnection,
    ...span,
    line: ordinal,
    by: unit,
    validUtf8: truth,
  }),
  'text-transformed': shapeOf<FactOf<'text-transformed'>>({
    ...begins('text-transformed'),
    ...onConnection,
    ...span,
    by: unit,
    validUtf8: truth,
  }),
  'line-received': shapeOf<FactOf<'line-received'>>({
    ...begins('line-received'),
    ...onConnection,
    ...span,
    line: ordinal,
  }),
  'text-received': shapeOf<FactOf<'text-received'>>({ ...begins('text-received'), ...onSide, ...span }),
  'port-examined': shapeOf<FactOf<'port-examined'>>({
    ...begins('port-examined'),
    seenBy: oneOf('kernel'),
    peer,
    port,
    holder,
    source: text,
  }),
  'port-awaited': shapeOf<FactOf<'port-awaited'>>({ ...begins('port-awaited'), ...byPeer, port }),
  'time-wait-examined': shapeOf<FactOf<'time-wait-examined'>>({
    ...begins('time-wait-examined'),
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
    ...begins('queue-examined'),
    seenBy: oneOf('kernel'),
    peer,
    side,
    connection: ordinal,
    bytes: number,
    source: text,
  }),
  slept: shapeOf<FactOf<'slept'>>({ ...begins('slept'), ...byPeer, ms: number }),
  'end-called': shapeOf<FactOf<'end-called'>>({ ...begins('end-called'), ...onSide }),
  'end-received': shapeOf<FactOf<'end-received'>>({ ...begins('end-received'), ...onSide }),
  closed: shapeOf<FactOf<'closed'>>({ ...begins('closed'), ...onSide, hadError: truth }),
  'server-closed': shapeOf<FactOf<'server-closed'>>({ ...begins('server-closed'), ...byPeer }),
  failed: shapeOf<FactOf<'failed'>>({
    ...begins('failed'),
    ...seen,
    peer: optional(peer),
    connection: optional(ordinal),
    problem,
  }),
  'detail-left-out': shapeOf<FactOf<'detail-left-out'>>({
    ...begins('detail-left-out'),
    ...seen,
    reason: text,
    facts: number,
    lines: number,
  }),
  'other-clients-left-out': shapeOf<FactOf<'other-clients-left-out'>>({
    ...begins('other-clients-left-out'),
    ...byPeer,
    facts: number,
    bytes: number,
  }),
  'run-ended': shapeOf<FactOf<'run-ended'>>({
    ...begins('run-ended'),
    ...seen,
    outcome: oneOf('completed', 'failed', 'cancelled'),
    linesSent: number,
    linesReceived: number,
    resultBytes: number,
    linesByByte: number,
  }),
};

export function isKnownKind(kind: string): kind is FactKind {
  return Object.hasOwn(SHAPES, kind);
}

export const FACT_KINDS: readonly FactKind[] = Object.keys(SHAPES).filter(isKnownKind);

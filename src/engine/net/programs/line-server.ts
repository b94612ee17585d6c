// The real server: answers each line that a client sends with the line reversed, or with its case changed.

import { endpointName } from '../../../shared/trace/port-words.ts';
import type { Result } from '../../../shared/result.ts';
import type { Emit, ReversalUnit, Transform } from '../../../shared/trace/fact.ts';
import { createLineFramer } from '../line-framer.ts';
import type { FramedLine } from '../line-framer.ts';
import { changeCase } from '../transform/change-case.ts';
import { startServer } from '../listen.ts';
import type { RunningServer, ServerOptions } from '../listen.ts';
import { lineTooLongProblem } from '../problems.ts';
import type { Protocol, RecordedSocket } from '../recorded-socket.ts';
import { reverseInto } from '../transform/reverse-line.ts';

export interface LineServerOptions extends ServerOptions {
  readonly by: ReversalUnit;
  /** How each line is transformed; `reverse` by default. `by` applies to `reverse` only. */
  readonly transform?: Transform;
  /** The longest line, in bytes before its LF. A longer one ends its connection. */
  readonly maxLineBytes: number;
}

/** Starts the server; resolves and fails as `startServer`. */
export function startLineServer(
  options: LineServerOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<Result<RunningServer>> {
  return startServer(options, (socket) => answerLines(socket, options, emit), emit, signal);
}

function answerLines(socket: RecordedSocket, options: LineServerOptions, emit: Emit): Protocol {
  const { maxLineBytes } = options;
  const { peer, connection } = socket;
  const framer = createLineFramer(maxLineBytes);
  let lines = 0;
  /** Where the next line begins in the client's stream. */
  let lineOffset = 0;

  const answer = ({ bytes, terminated }: FramedLine): void => {
    lines += 1;
    const { reply, by, validUtf8 } = answerTo(bytes, terminated, options, lines === 1);
    emit({
      kind: 'line-transformed',
      seenBy: 'program',
      peer,
      connection,
      line: lines,
      offset: lineOffset,
      bytes: bytes.length,
      by,
      validUtf8,
    });
    lineOffset += terminated ? bytes.length + 1 : bytes.length;
    socket.write(reply, lines);
  };

  return {
    onData(chunk) {
      for (const line of framer.push(chunk)) answer(line);
      if (framer.tooLong !== undefined) {
        const subject = `Line ${framer.tooLong.line} from ${endpointName(socket.remote)}`;
        socket.fail(lineTooLongProblem(subject, framer.tooLong, maxLineBytes));
        socket.destroy();
      }
    },
    onEnd() {
      const last = framer.end();
      if (last !== undefined) answer(last);
      socket.end();
    },
    line: () => (lines === 0 ? undefined : lines),
  };
}

const LF = 0x0a;

interface Answer {
  /** With its LF, where the line had one. */
  readonly reply: Buffer;
  readonly by: ReversalUnit;
  readonly validUtf8: boolean;
}

function answerTo(
  line: Buffer,
  terminated: boolean,
  { by, transform = 'reverse' }: LineServerOptions,
  first: boolean,
): Answer {
  if (transform === 'reverse') {
    // One byte more for the LF saves a second copy of each line.
    const reply = Buffer.allocUnsafe(terminated ? line.length + 1 : line.length);
    const how = reverseInto(reply, line, by, first);
    if (terminated) reply[line.length] = LF;
    return { reply, by: how.by, validUtf8: how.validUtf8 };
  }
  const { bytes, ...how } = changeCase(line, transform);
  return { reply: terminated ? Buffer.concat([bytes, LF_BYTES]) : bytes, ...how };
}

const LF_BYTES = Buffer.from([LF]);

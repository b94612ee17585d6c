// Turns an error of a socket into a problem whose message names address and port and says what to do.

import { endpointName } from '../../shared/trace/port-words.ts';
import type { Problem, ProblemCode } from '../../shared/result.ts';
import type { Endpoint } from '../../shared/trace/fact.ts';
import { systemErrorOf } from '../system/system-error.ts';

/** What holds a port, as far as it is known before the port is examined. */
export type SupposedHolder = 'another program' | 'the first server' | 'a connection that has ended';

/** Why `listen` failed on `requested`; `holder` is named where the port is in use. */
export function listenProblem(
  error: unknown,
  requested: Endpoint,
  holder: SupposedHolder = 'another program',
): Problem {
  const { code, message, detail } = systemErrorOf(error);
  const known = { ...requested, ...detail };
  switch (code) {
    case 'EADDRINUSE':
      return {
        code: 'port-in-use',
        message: `Port ${requested.port} on ${requested.address} is in use by ${holder}. Choose another port or let the system pick a free one.`,
        detail: known,
      };
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'port-not-permitted',
        message: `This program may not listen on port ${requested.port} of ${requested.address}. Choose a port from 1024 to 65535 or let the system pick a free one.`,
        detail: known,
      };
    case 'ERR_SOCKET_BAD_PORT':
      return {
        code: 'bad-option',
        message: `${requested.port} is not a port. Choose a port from 0 to 65535.`,
        detail: known,
      };
    case 'EADDRNOTAVAIL':
      return {
        code: 'listen-failed',
        message: `${requested.address} is not an address of this machine, so no server can listen on it. Choose an address of this machine, such as 127.0.0.1.`,
        detail: known,
      };
    default:
      return {
        code: 'listen-failed',
        message: `The server could not listen on ${endpointName(requested)} (${message}). Choose another port or let the system pick a free one.`,
        detail: known,
      };
  }
}

/** A client that the server closed at once, because it has `most` clients already, which is its limit. */
export function tooManyClientsProblem(remote: Endpoint, most: number): Problem {
  return {
    code: 'too-many-clients',
    message: `The server has ${most} clients and takes no more: ${endpointName(remote)} was turned away. Connect again when others have left.`,
    detail: { ...remote },
  };
}

/** Why `connect` failed. */
export function connectProblem(error: unknown, remote: Endpoint): Problem {
  const { code, message, detail } = systemErrorOf(error);
  const known = { ...remote, ...detail };
  if (code === 'ECONNREFUSED') {
    return {
      code: 'connection-refused',
      message: `Nothing listens on ${endpointName(remote)}: the connection was refused. Start a server there or choose the port that it listens on.`,
      detail: known,
    };
  }
  return {
    code: 'connect-failed',
    message: `The client could not connect to ${endpointName(remote)} (${message}). Check the address and that a server listens there.`,
    detail: known,
  };
}

/** Why an open connection broke. `line` is the line in progress, where there was one. */
export function brokenConnectionProblem(error: unknown, peer: Endpoint, line: number | undefined): Problem {
  const { code, message, detail } = systemErrorOf(error);
  const known = { ...peer, ...detail, ...(line === undefined ? {} : { line }) };
  const where = line === undefined ? '' : ` at line ${line}`;
  const reset: readonly string[] = ['ECONNRESET', 'EPIPE', 'ECONNABORTED'];
  return reset.includes(code)
    ? {
        code: 'connection-reset',
        message: `${endpointName(peer)} broke the connection${where}. What came back until then is kept; run again.`,
        detail: known,
      }
    : {
        code: code === '' ? 'unexpected' : 'connection-reset',
        message: `The connection with ${endpointName(peer)} failed${where} (${message}). What came back until then is kept; run again.`,
        detail: known,
      };
}

/** The server ended the connection before it had answered `line`. */
export function closedEarlyProblem(remote: Endpoint, line: number): Problem {
  return {
    code: 'server-closed-early',
    message: `The server on ${endpointName(remote)} closed the connection before it answered line ${line}. What came back until then is kept; run again.`,
    detail: { ...remote, line },
  };
}

/**
 * A line over the limit. `bytes` is its length without the LF: the full length where `whole` is true, else what had
 * arrived.
 */
export function lineTooLongProblem(
  subject: string,
  tooLong: { readonly line: number; readonly bytes: number; readonly whole: boolean },
  limitBytes: number,
): Problem {
  const length = tooLong.whole ? `${tooLong.bytes}` : `more than ${limitBytes}`;
  return {
    code: 'line-too-long',
    message: `${subject} is ${length} bytes long; the limit is ${limitBytes} ${limitBytes === 1 ? 'byte' : 'bytes'}. Raise the limit or split the line.`,
    detail: { line: tooLong.line, bytes: tooLong.bytes, limitBytes },
  };
}

/** A client sent more than the limit of a server that keeps all until the end. */
export function textTooLongProblem(peer: Endpoint, limitBytes: number): Problem {
  return {
    code: 'input-too-large',
    message: `${endpointName(peer)} sent more than ${limitBytes} bytes, and this server keeps no more than that until the end. Send less at once.`,
    detail: { ...peer, limitBytes },
  };
}

/** The problem of an abort: the signal's reason where that is a problem, else a general one. */
export function cancelledProblem(signal: AbortSignal): Problem {
  const reason: unknown = signal.reason;
  if (typeof reason === 'object' && reason !== null && 'code' in reason && 'message' in reason) {
    const code = CANCEL_CODES.find((known) => known === reason.code);
    if (code !== undefined && typeof reason.message === 'string') {
      return { code, message: reason.message, detail: {} };
    }
  }
  return {
    code: 'cancelled',
    message: 'The run was cancelled. What came back until then is kept.',
    detail: {},
  };
}

const CANCEL_CODES: readonly ProblemCode[] = ['cancelled', 'window-closed'];

// Reads what Node says of a failed system call, so that problems can name it. Hands on to problems.ts and to the file
// rooms, which make sentences of it.

import { constants } from 'node:os';

import type { ProblemDetail } from '../../shared/result.ts';

/** What a failed system call left behind. `code` is empty where the error is no system error. */
export interface SystemError {
  readonly code: string;
  /** What Node says, for the case nobody foresaw. */
  readonly message: string;
  readonly detail: ProblemDetail;
}

/**
 * Takes anything that was thrown or emitted as an error. An AggregateError (several addresses were tried) is judged by
 * its first error. `errno` comes out as `errno.h` has it, positive: Node hands it over negated on Unix and as a number of
 * its own on Windows.
 */
export function systemErrorOf(thrown: unknown): SystemError {
  const error: unknown = thrown instanceof AggregateError ? (thrown.errors[0] ?? thrown) : thrown;
  if (!(error instanceof Error)) return { code: '', message: String(error), detail: {} };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const errno = errnoOf(error, code);
  return {
    code,
    message: error.message,
    detail: {
      ...(code === '' ? {} : { errorCode: code }),
      ...(errno === undefined ? {} : { errno }),
      ...('syscall' in error && typeof error.syscall === 'string' ? { syscall: error.syscall } : {}),
      ...('address' in error && typeof error.address === 'string' ? { address: error.address } : {}),
      ...('port' in error && typeof error.port === 'number' ? { port: error.port } : {}),
      ...('path' in error && typeof error.path === 'string' ? { path: error.path } : {}),
    },
  };
}

const ERROR_NUMBERS: ReadonlyMap<string, number> = new Map(Object.entries(constants.errno));

function errnoOf(error: Error, code: string): number | undefined {
  const known = ERROR_NUMBERS.get(code);
  if (known !== undefined) return known;
  return 'errno' in error && typeof error.errno === 'number' ? Math.abs(error.errno) : undefined;
}

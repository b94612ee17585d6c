// Reads the code, number and details of a failed system call from a Node error.

import { constants } from 'node:os';

import type { ProblemDetail } from '../../shared/result.ts';

/** A failed system call. `code` is empty where the error is not a system error. */
export interface SystemError {
  readonly code: string;
  /** Node's message, for an error without a message of ours. */
  readonly message: string;
  readonly detail: ProblemDetail;
}

/**
 * Accepts anything that was thrown or emitted as an error. Of an AggregateError (several addresses were tried) the
 * first error counts. `errno` is positive, as in `errno.h`: Node negates it on Unix and uses numbers of its own on
 * Windows.
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

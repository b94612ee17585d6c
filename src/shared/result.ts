// Expected failures are values: a result is a value or a problem.

/** Why something failed, as a stable name that code can switch on. The system's own code is in `detail`. */
export type ProblemCode =
  | 'port-in-use'
  | 'port-not-permitted'
  | 'listen-failed'
  | 'too-many-clients'
  | 'connection-refused'
  | 'connection-reset'
  | 'connect-failed'
  | 'server-closed-early'
  | 'file-missing'
  | 'is-a-folder'
  | 'not-a-regular-file'
  | 'not-readable'
  | 'several-files'
  | 'file-changed'
  | 'line-too-long'
  | 'disk-full'
  | 'not-writable'
  | 'save-failed'
  | 'target-is-input'
  | 'result-dropped-on-itself'
  | 'not-a-run'
  | 'run-damaged'
  | 'run-not-finished'
  | 'not-kept'
  | 'nothing-to-save'
  | 'run-replaced'
  | 'notes-kept'
  | 'cancelled'
  | 'window-closed'
  | 'busy'
  | 'bad-option'
  | 'input-too-large'
  | 'program-missing'
  | 'program-failed'
  | 'newer-format'
  | 'unexpected';

/** Details of a problem beyond its sentence; each field only where it applies. */
export interface ProblemDetail {
  /** The system's error code, such as `EADDRINUSE`. */
  readonly errorCode?: string;
  /** The system's error number as `errno.h` has it (positive), such as 98. */
  readonly errno?: number;
  /** The system call that failed, such as `listen`. */
  readonly syscall?: string;
  readonly address?: string;
  readonly port?: number;
  readonly path?: string;
  /** Number of the line at fault, the first line is 1. */
  readonly line?: number;
  /** The size that was too large or too small. */
  readonly bytes?: number;
  readonly limitBytes?: number;
}

/** A failure a person can act on: `message` is one sentence (or two) that names the thing and what to do next. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly detail: ProblemDetail;
}

export type Result<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: Problem };

export function succeeded<Value>(value: Value): Result<Value> {
  return { ok: true, value };
}

export function failed(
  code: ProblemCode,
  message: string,
  detail: ProblemDetail = {},
): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: { code, message, detail } };
}

/** Ends a switch over a closed union: a missing case does not compile. */
export function assertNever(value: never): never {
  throw new Error(`No case for ${JSON.stringify(value)}`);
}

// What holds a port, as a sentence, from the kernel's socket table.

import type { Endpoint, PortHolder } from './fact.ts';
import { assertNever } from '../result.ts';
import { printable } from './transcript.ts';

/** One sentence on what holds `port`. Safe to print: control characters in a program's name are escaped. */
export function holderSentence(port: number, holder: PortHolder): string {
  switch (holder.what) {
    case 'listener':
      return `Port ${port} is held by a program that listens on it${listenerName(holder)}.`;
    case 'time-wait':
      return `Port ${port} is still kept by a connection that has ended (TIME_WAIT)${whenFree(holder.secondsLeft)}.`;
    case 'connection': {
      const { pid, program } = holder;
      const known = [
        ...(pid === undefined ? [] : [`process ${pid}`]),
        ...(program === undefined ? [] : [printable(program)]),
      ].join(', ');
      const remote = endpointName(holder.remote);
      return `Port ${port} is in use by an open connection to ${remote}${known === '' ? '' : ` (${known})`}.`;
    }
    case 'unknown':
      return holder.why.trim() === '' ? nobodySentence(port) : printable(holder.why);
    default:
      return assertNever(holder);
  }
}

/** The sentence for a port that was taken a moment ago and is free now. */
export function nobodySentence(port: number): string {
  return `Nobody can be seen on port ${port} any more: try again.`;
}

/** The sentence for a run that could not have a program leave `asked` in TIME_WAIT, and did it with `used`. */
export function otherPortSentence(asked: number, used: number): string {
  return `What an earlier run left on port ${asked} keeps it from a program that does not set SO_REUSEADDR, so this run took port ${used}.`;
}

/**
 * An endpoint as people write it: `127.0.0.1:50007`, and IPv6 as in RFC 3986 section 3.2.2: `[::1]:50007`. Safe to print:
 * in an untrusted trace an address may be any text.
 */
export function endpointName(endpoint: Endpoint): string {
  const host = endpoint.address.includes(':') ? `[${endpoint.address}]` : endpoint.address;
  return `${printable(host)}:${endpoint.port}`;
}

function whenFree(secondsLeft: number | undefined): string {
  // How long it lasts differs by system and setting, so no number is assumed.
  if (secondsLeft === undefined) return '; for how long this system does not tell: try again in a minute';
  return secondsLeft > 0 ? `: free again in about ${Math.ceil(secondsLeft)} s` : ': free again at any moment';
}

function listenerName({ pid, program }: { readonly pid?: number; readonly program?: string }): string {
  if (pid === undefined && program === undefined) return '; which one the system does not tell';
  if (program === undefined) return `: process ${pid ?? ''}`;
  return `: ${printable(program)}${pid === undefined ? '' : ` (process ${pid})`}`;
}

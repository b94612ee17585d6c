// Reads facts about the machine: its name, the address that the name resolves to, and the range of ephemeral ports.

import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

import { SERVER } from '../../shared/trace/fact.ts';
import type { EphemeralRangeRead, HostNamed } from '../../shared/trace/fact.ts';
import { untilAborted } from './until-aborted.ts';

/** A resolver that does not answer must not delay the run for longer. */
const RESOLVER_MS = 1_000;

/**
 * The host's name and its IPv4 address, as `gethostbyname(gethostname())` returns it; without the address where the
 * name does not resolve within a second. Undefined as soon as `signal` is aborted.
 */
export async function readHostName(signal: AbortSignal): Promise<HostNamed | undefined> {
  const hostName = hostname();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
    }, RESOLVER_MS);
  });
  const found = lookup(hostName, { family: 4 }).catch(() => undefined);
  const resolved = await untilAborted(Promise.race([found, late]), signal);
  clearTimeout(timer);
  if (signal.aborted) return undefined;
  return {
    kind: 'host-named',
    seenBy: 'program',
    peer: SERVER,
    hostName,
    ...(resolved === undefined ? {} : { address: resolved.address }),
  };
}

const LINUX_RANGE = '/proc/sys/net/ipv4/ip_local_port_range';
const MACOS_RANGE = ['net.inet.ip.portrange.first', 'net.inet.ip.portrange.last'];

/** The system's range of ephemeral ports; undefined where it cannot be read. */
export async function readEphemeralRange(signal: AbortSignal): Promise<EphemeralRangeRead | undefined> {
  try {
    if (process.platform === 'linux') return parseRange(await readFile(LINUX_RANGE, 'utf8'), LINUX_RANGE);
    if (process.platform !== 'darwin') return undefined;
    const { stdout } = await promisify(execFile)('/usr/sbin/sysctl', ['-n', ...MACOS_RANGE], {
      timeout: RESOLVER_MS,
      signal,
    });
    return parseRange(stdout, `sysctl ${MACOS_RANGE.join(' ')}`);
  } catch {
    // Not readable: the run goes on without this fact.
    return undefined;
  }
}

function parseRange(text: string, source: string): EphemeralRangeRead | undefined {
  const [from, to] = text.trim().split(/\s+/).map(Number);
  if (from === undefined || to === undefined || !isPort(from) || !isPort(to)) return undefined;
  return { kind: 'ephemeral-range-read', seenBy: 'kernel', from, to, source };
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 65_535;
}

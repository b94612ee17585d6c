// Shortens the data of a fact for whoever shows it: a line may be megabytes long, and its beginning is all that is seen.
// The recorder cuts what it pushes, the trace's log what it gives by range, the terminal what it prints.

import { PUSHED_DATA_BYTES } from '../../shared/ipc.ts';
import type { Fact, RecordedBytes } from '../../shared/trace/fact.ts';

/** The fact with at most `most` bytes of data (those of a push), and in `leftOutBytes` how many more there are. */
export function withDataCut<Event extends Fact>(event: Event, most = PUSHED_DATA_BYTES): Event {
  if ((event.kind !== 'wrote' && event.kind !== 'read') || event.data === undefined) return event;
  const data = cut(event.data, most);
  return data === event.data ? event : { ...event, data };
}

function cut(data: RecordedBytes, most: number): RecordedBytes {
  if ('base64' in data) {
    const bytes = Buffer.byteLength(data.base64, 'base64');
    if (bytes <= most) return data;
    // Four characters are three bytes: whole groups are cut off, so that what stays is base 64 again.
    const kept = Math.floor(most / 3) * 4;
    // Copied: a slice of a string keeps all of it in memory for as long as it is there itself.
    const base64 = Buffer.from(data.base64.slice(0, kept), 'latin1').toString('latin1');
    return { base64, leftOutBytes: bytes - (kept / 4) * 3 };
  }
  // A UTF-16 unit is at most three bytes of UTF-8: most data needs no counting.
  if (data.text.length * 3 <= most) return data;
  const bytes = Buffer.byteLength(data.text);
  if (bytes <= most) return data;
  const beginning = Buffer.from(data.text.slice(0, most));
  let end = most;
  // 10xxxxxx continues a character: the cut goes before the character it would split.
  while (((beginning[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return { text: beginning.toString('utf8', 0, end), leftOutBytes: bytes - end };
}

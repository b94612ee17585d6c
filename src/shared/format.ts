// Numbers, times and sizes formatted for people: 74 µs, 1.2 s, 1,204 lines, 4.7 MB.

// Created on first use: loading their data would delay the start of the window.
let grouped: Intl.NumberFormat | undefined;
let moment: Intl.DateTimeFormat | undefined;
let exactMoment: Intl.DateTimeFormat | undefined;
let clock: Intl.DateTimeFormat | undefined;

/** 1204 -> "1,204". */
export function formatCount(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1_000) return String(value);
  grouped ??= new Intl.NumberFormat('en-US');
  return grouped.format(value);
}

/** 1 -> "1 line", 1204 -> "1,204 lines". */
export function formatCountOf(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** Bytes with a decimal unit: 6 -> "6 B", 4_700_000 -> "4.7 MB". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? formatCount(Math.round(value)) : value.toFixed(1)} ${units[unit] ?? 'TB'}`;
}

/** Bytes for a sentence: in full below 10,000, then with one decimal in a decimal unit: "89 bytes", "4.7 MB". */
export function formatSize(bytes: number): string {
  if (bytes < 10_000) return formatCountOf(bytes, 'byte');
  let size = bytes / 1_000;
  for (const unit of ['kB', 'MB']) {
    if (size < 999.95) return `${size.toFixed(1)} ${unit}`;
    size /= 1_000;
  }
  return `${size.toFixed(1)} GB`;
}

/** A duration in microseconds: "74 µs", "1.24 ms", "2.1 s", "3 min 4 s". */
export function formatDuration(us: number): string {
  if (us < 100) return `${trimmed(us, 1)} µs`;
  if (us < 1_000) return `${Math.round(us)} µs`;
  if (us < 1_000_000) return `${trimmed(us / 1_000, us < 10_000 ? 2 : 1)} ms`;
  const seconds = us / 1_000_000;
  if (seconds < 60) return `${trimmed(seconds, seconds < 10 ? 2 : 1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** A time since the run began, in microseconds, with a fixed number of decimals: "318.4 µs", "29.20 ms". */
export function formatTime(us: number): string {
  if (us < 1_000) return `${us.toFixed(1)} µs`;
  if (us < 1_000_000) return `${(us / 1_000).toFixed(2)} ms`;
  return `${(us / 1_000_000).toFixed(3)} s`;
}

/** A wall clock time, given as ISO 8601, in the local time zone: "23 Nov 2026, 14:05". */
export function formatMoment(iso: string): string {
  moment ??= new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
  return formatWith(moment, iso);
}

/** As `formatMoment`, with seconds: "23 Nov 2026, 14:05:09". */
export function formatExactMoment(iso: string): string {
  exactMoment ??= new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
  return formatWith(exactMoment, iso);
}

/** The time of day of a wall clock time, given as ISO 8601, in the local time zone: "14:05:09". */
export function formatTimeOfDay(iso: string): string {
  clock ??= new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
  return formatWith(clock, iso);
}

/** Of an untrusted run the time may be none: `2026-99-99T99:99:99.999Z`. It is then given as it is. */
function formatWith(format: Intl.DateTimeFormat, iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : format.format(date);
}

function trimmed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

// Amounts as sentences say them: "89 bytes", "4.7 MB", "1,204 lines".

/** "1 line", "1,204 lines". */
export function amount(count: number, unit: string): string {
  return `${count.toLocaleString('en-US')} ${unit}${count === 1 ? '' : 's'}`;
}

/** Bytes in full up to 10,000, then in kB, MB or GB (powers of 1,000) with one decimal. */
export function sizeInBytes(bytes: number): string {
  if (bytes < 10_000) return amount(bytes, 'byte');
  let size = bytes / 1_000;
  for (const unit of ['kB', 'MB']) {
    if (size < 999.95) return `${size.toFixed(1)} ${unit}`;
    size /= 1_000;
  }
  return `${size.toFixed(1)} GB`;
}

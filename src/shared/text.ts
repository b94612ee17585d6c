// The size of a text in bytes.

/** The length of a text in UTF-8. A lone surrogate counts as U+FFFD, its encoding in the Encoding Standard. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}

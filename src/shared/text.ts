// Texts as bytes.

/** How many bytes a text is in UTF-8; a lone surrogate counts as U+FFFD, which it is encoded as (Encoding Standard). */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}

// Bounds the structure of untrusted JSON before JSON.parse gets it. The values that JSON.parse builds take many times the
// size of the text, and some tens of megabytes of brackets and commas end the process.

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const OPENING_BRACE = 0x7b;

/**
 * Whether a JSON text in UTF-8 has more than `maxParts` objects, arrays and commas outside of its strings. That bounds the
 * number of its values and how deep they are nested. Of invalid JSON, JSON.parse builds only what comes before the first
 * error.
 */
export function hasMoreParts(json: Uint8Array, maxParts: number): boolean {
  const { length } = json;
  if (length <= maxParts) return false;
  let parts = 0;
  let at = 0;
  while (at < length) {
    const byte = json[at];
    at += 1;
    if (byte === QUOTE) {
      at = endOfString(json, at);
    } else if (byte === COMMA || byte === OPENING_BRACKET || byte === OPENING_BRACE) {
      parts += 1;
      if (parts > maxParts) return true;
    }
  }
  return false;
}

/** Bytes of a string that are read one by one before the next quote is searched for: most strings are short. */
const NEAR_BYTES = 64;

/** The index after the quote that ends the string; `start` is the index after the one that begins it. */
function endOfString(json: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    for (const near = at + NEAR_BYTES; at < near;) {
      const byte = json[at];
      if (byte === QUOTE) return at + 1;
      at += byte === BACKSLASH ? 2 : 1;
    }
    const quote = json.indexOf(QUOTE, at);
    if (quote === -1) return json.length;
    // Backslashes escape each other first: the quote is escaped where their number is odd.
    let backslashes = 0;
    while (quote - backslashes > at && json[quote - backslashes - 1] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

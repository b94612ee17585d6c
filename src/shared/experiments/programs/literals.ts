// Texts as literals of a language. What could not be seen, or would change how a line is drawn, is escaped.

/** Control and format characters (which reorder a line), line separators and halves of surrogate pairs. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(text: string, quote: string, ofAstral: (hex: string) => string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replace(UNSEEN, (character) => {
      const code = character.codePointAt(0) ?? 0;
      const hex = code.toString(16);
      return SHORT[character] ?? (code > 0xffff ? ofAstral(hex) : `\\u${hex.padStart(4, '0')}`);
    });
}

/** A number with its thousands set apart, as both languages take it. */
export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, '_');
}

export function pythonText(text: string): string {
  return `"${escaped(text, '"', (hex) => `\\U${hex.padStart(8, '0')}`)}"`;
}

export function nodeText(text: string): string {
  return `'${escaped(text, "'", (hex) => `\\u{${hex}}`)}'`;
}

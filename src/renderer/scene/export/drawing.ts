// A picture as a list of marks, and the same as a stand-alone SVG. Pure. Texts come from traces that may be untrusted: only
// the elements and attributes that are named here are written, and every text is escaped.

/** How a mark is painted. Colours are as CSS computes them; absent: not painted. */
export interface Paint {
  readonly fill?: string;
  readonly stroke?: string;
  readonly strokePx?: number;
  /** Lengths of dashes and gaps. */
  readonly dash?: readonly number[];
  readonly opacity?: number;
  /** A text's outline is drawn below it, so that lines behind it do not cross its letters. */
  readonly outlined?: true;
  readonly cap?: 'butt' | 'round' | 'square';
  readonly join?: 'miter' | 'round' | 'bevel';
}

/** From a mark's own coordinates to the picture's, as SVG's matrix(); absent: they are the same. */
export type Matrix = readonly [number, number, number, number, number, number];

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Font {
  readonly family: 'sans' | 'mono';
  readonly px: number;
  readonly weight: number;
  readonly italic: boolean;
}

interface Placed {
  readonly paint: Paint;
  readonly matrix?: Matrix;
}

export interface TextMark extends Placed {
  readonly kind: 'text';
  /** Of the anchor, on the base line. */
  readonly x: number;
  readonly y: number;
  readonly words: string;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly font: Font;
  /** The room that the words take: another font is squeezed or stretched to it. */
  readonly lengthPx?: number;
}

export type Mark =
  | (Placed & Box & { readonly kind: 'rect'; readonly radius: number })
  | (Placed & {
      readonly kind: 'line';
      readonly x1: number;
      readonly y1: number;
      readonly x2: number;
      readonly y2: number;
    })
  | (Placed & { readonly kind: 'circle'; readonly x: number; readonly y: number; readonly r: number })
  | (Placed & { readonly kind: 'path'; readonly d: string })
  | TextMark
  /** Marks of which only what is inside the box is seen. */
  | { readonly kind: 'clipped'; readonly box: Box; readonly marks: readonly Mark[] }
  /** Marks that say on hover what they are. */
  | { readonly kind: 'titled'; readonly title: string; readonly marks: readonly Mark[] };

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  readonly background: string;
  readonly marks: readonly Mark[];
}

/** Families with fall-backs: the file does not carry the app's own fonts. */
const FAMILIES: Readonly<Record<Font['family'], string>> = {
  sans: "'Inter Variable', Inter, system-ui, sans-serif",
  mono: "'JetBrains Mono Variable', 'JetBrains Mono', ui-monospace, monospace",
};

/** The drawing as the text of an SVG file. */
export function svgOf({ width, height, title, description, background, marks }: Drawing): string {
  const size = { width, height };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg"${attributes({ ...size, viewBox: `0 0 ${plain(width)} ${plain(height)}`, role: 'img' })}>`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(description)}</desc>`,
    `<rect${attributes({ ...size, ...colour('fill', background) })}/>`,
    ...marks.map(markText),
    '</svg>',
    '',
  ].join('\n');
}

function markText(mark: Mark): string {
  switch (mark.kind) {
    case 'clipped': {
      const { x, y, width, height } = mark.box;
      const viewBox = [x, y, width, height].map(plain).join(' ');
      // An svg inside of another cuts off what lies outside of it.
      return `<svg${attributes({ x, y, width, height, viewBox })}>\n${mark.marks.map(markText).join('\n')}\n</svg>`;
    }
    case 'titled':
      return `<g><title>${escaped(mark.title)}</title>\n${mark.marks.map(markText).join('\n')}\n</g>`;
    case 'rect': {
      const { x, y, width, height, radius } = mark;
      return `<rect${attributes({ x, y, width, height, rx: radius === 0 ? undefined : radius, ...look(mark) })}/>`;
    }
    case 'line': {
      const { x1, y1, x2, y2 } = mark;
      return `<line${attributes({ x1, y1, x2, y2, ...look(mark) })}/>`;
    }
    case 'circle':
      return `<circle${attributes({ cx: mark.x, cy: mark.y, r: mark.r, ...look(mark) })}/>`;
    case 'path':
      return `<path${attributes({ d: mark.d, ...look(mark) })}/>`;
    case 'text': {
      const { x, y, anchor, font, lengthPx, words } = mark;
      const type = {
        'text-anchor': anchor === 'start' ? undefined : anchor,
        'font-family': FAMILIES[font.family],
        'font-size': font.px,
        'font-weight': font.weight === 400 ? undefined : font.weight,
        'font-style': font.italic ? 'italic' : undefined,
        textLength: lengthPx,
        lengthAdjust: lengthPx === undefined ? undefined : 'spacingAndGlyphs',
        'xml:space': 'preserve',
      };
      return `<text${attributes({ x, y, ...type, ...look(mark) })}>${escaped(words)}</text>`;
    }
  }
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

function attributes(named: Attributes): string {
  return Object.entries(named)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? plain(value) : escaped(String(value))}"`)
    .join('');
}

function look({ paint, matrix }: Placed): Attributes {
  const { fill, stroke, strokePx, dash, opacity, outlined, cap, join } = paint;
  return {
    ...(fill === undefined ? { fill: 'none' } : colour('fill', fill)),
    ...(stroke === undefined
      ? {}
      : {
          ...colour('stroke', stroke),
          'stroke-width': strokePx,
          'stroke-dasharray': dash?.map(plain).join(' '),
          'stroke-linecap': cap === 'butt' ? undefined : cap,
          'stroke-linejoin': join === 'miter' ? undefined : join,
        }),
    'paint-order': outlined === true ? 'stroke' : undefined,
    opacity: opacity === 1 ? undefined : opacity,
    transform: matrix === undefined ? undefined : `matrix(${matrix.map(plain).join(' ')})`,
  };
}

/** `rgb()` and `color()` as editors of SVG read them: a colour without its transparency, and that by itself. */
function colour(name: 'fill' | 'stroke', css: string): Attributes {
  const found = /^(?:rgba?|color)\((srgb )?([\d.]+),? ([\d.]+),? ([\d.]+)(?:(?:,| \/) ([\d.]+))?\)$/.exec(
    css,
  );
  if (found === null) return { [name]: css };
  const [, srgb, red, green, blue, alpha] = found;
  const hex = [red, green, blue].map((part) => {
    const value = Math.round(Number(part) * (srgb === undefined ? 1 : 255));
    return value.toString(16).padStart(2, '0');
  });
  return { [name]: `#${hex.join('')}`, ...(alpha === undefined ? {} : { [`${name}-opacity`]: alpha }) };
}

/** With two places at most. */
function plain(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** As the content of an element or an attribute. What XML cannot hold at all is shown as U+FFFD. */
function escaped(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

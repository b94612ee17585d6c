import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { svgOf, type Drawing, type Mark } from './drawing.ts';

const FONT = { family: 'mono', px: 13, weight: 600, italic: false } as const;

function drawing(...marks: readonly Mark[]): Drawing {
  return {
    width: 800,
    height: 400,
    title: 'A run',
    description: 'Recorded',
    background: 'rgb(14, 17, 22)',
    marks,
  };
}

function words(text: string): Mark {
  return {
    kind: 'text',
    x: 10,
    y: 20,
    words: text,
    anchor: 'start',
    font: FONT,
    paint: { fill: 'rgb(1, 2, 3)' },
  };
}

/** Every element's name and every attribute's name; throws where the text is not well-formed XML. */
function parsed(svg: string): { readonly elements: Set<string>; readonly attributes: Set<string> } {
  const elements = new Set<string>();
  const attributes = new Set<string>();
  const open: string[] = [];
  let rest = svg.trim();
  while (rest !== '') {
    const text = /^[^<]+/.exec(rest)?.[0];
    if (text !== undefined) {
      if (/&(?!(?:amp|lt|gt|quot);)/.test(text)) throw new Error(`a bare & in ${text}`);
      rest = rest.slice(text.length);
      continue;
    }
    const end = /^<\/([\w:]+)>/.exec(rest);
    if (end !== null) {
      if (open.pop() !== end[1]) throw new Error(`${end[0]} closes another element`);
      rest = rest.slice(end[0].length);
      continue;
    }
    const start = /^<([\w:]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/.exec(rest);
    if (start === null) throw new Error(`no element: ${rest.slice(0, 80)}`);
    const [all, name = '', given = '', closed] = start;
    elements.add(name);
    for (const [, attribute = ''] of given.matchAll(/ ([\w:-]+)="/g)) attributes.add(attribute);
    if (closed === '') open.push(name);
    rest = rest.slice(all.length);
  }
  if (open.length > 0) throw new Error(`${open.join(', ')} stay open`);
  return { elements, attributes };
}

describe('svgOf', () => {
  it('writes shapes with their paint, colours apart from their transparency', () => {
    const svg = svgOf(
      drawing(
        {
          kind: 'line',
          x1: 0,
          y1: 1.23456,
          x2: 10,
          y2: 20,
          paint: { stroke: 'rgba(159, 176, 195, 0.5)', strokePx: 1.75, dash: [6, 5] },
          matrix: [1, 0, 0, 1, 40, 50],
        },
        { kind: 'clipped', box: { x: 0, y: 50, width: 800, height: 300 }, marks: [words('OLLEH')] },
      ),
    );
    expect(svg).toContain(
      '<line x1="0" y1="1.23" x2="10" y2="20" fill="none" stroke="#9fb0c3" stroke-opacity="0.5" stroke-width="1.75" stroke-dasharray="6 5" transform="matrix(1 0 0 1 40 50)"/>',
    );
    expect(svg).toContain('<svg x="0" y="50" width="800" height="300" viewBox="0 50 800 300">');
    expect(svg).toContain('fill="#010203">OLLEH</text>');
    expect(() => parsed(svg)).not.toThrow();
  });

  it('writes the colours of color-mix() as any other', () => {
    const mixed = 'color(srgb 0.5 0.25 1 / 0.25)';
    const svg = svgOf(drawing({ kind: 'circle', x: 1, y: 2, r: 3, paint: { fill: mixed } }));
    expect(svg).toContain('fill="#8040ff" fill-opacity="0.25"');
  });

  it('lets nothing of a trace become an element or an attribute', () => {
    const hostile = [
      '</text><script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '"/><a href="javascript:alert(1)" x="',
      ']]>&lt;&#0;',
    ];
    const svg = svgOf({
      ...drawing(...hostile.map(words), {
        kind: 'titled',
        title: hostile.join(''),
        marks: hostile.map(words),
      }),
      title: hostile.join(''),
      description: hostile.join(''),
    });
    const { elements, attributes } = parsed(svg);
    expect([...elements].sort()).toEqual(['desc', 'g', 'rect', 'svg', 'text', 'title']);
    expect([...attributes].filter((name) => name.startsWith('on') || name.includes('href'))).toEqual([]);
    expect(svg).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });

  it('is well-formed XML whatever the words are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (one, other) => {
        const svg = svgOf({ ...drawing(words(one), words(other)), title: other, description: one });
        parsed(svg);
        expect(svg).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|\p{Surrogate}/u);
      }),
      { numRuns: 30 },
    );
    expect(svgOf(drawing(words('\u0000\ud800')))).toContain('>\ufffd\ufffd</text>');
  });
});

// A program as a file: its name, and its lines with the call at the cursor lit and in sight.

import { Copy } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { PREVIOUS_OWNER_FILE } from '../../../shared/experiments/programs/program.ts';
import type { Program, ProgramLine } from '../../../shared/experiments/programs/program.ts';
import type { LitLine, LitLines } from '../../experiments/lit-lines.ts';
import { Button } from '../../ui/button.tsx';

interface ListingProps {
  readonly program: Program;
  /** The program's place among the programs. */
  readonly index: number;
  readonly lit: LitLines;
  readonly onCopy: () => void;
}

function nameOf({ file, sides }: Program): string {
  if (file === PREVIOUS_OWNER_FILE) return 'The program that had the port';
  return sides.length > 1 ? 'The program with both sides' : `The ${sides[0] ?? 'server'}'s program`;
}

export function Listing({ program, index, lit, onCopy }: ListingProps) {
  const { at } = lit;
  const current = at === undefined ? undefined : litHere(lit[at], index);
  const shown = current ?? litHere(lit.client, index) ?? litHere(lit.server, index);
  const lines = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (shown === undefined) return undefined;
    // In the next frame, which lays the window out anyhow: here it would be laid out once more (6 ms of each seek).
    const frame = requestAnimationFrame(() => {
      showLine(lines.current, shown);
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [shown]);
  return (
    <div className="listing">
      <div className="listing-head">
        <span className="mono">{program.file}</span>
        <Button icon={Copy} iconOnly look="plain" title={`Copy ${program.file}`} onClick={onCopy}>
          {`Copy ${program.file}`}
        </Button>
      </div>
      <div ref={lines} className="program" role="group" aria-label={nameOf(program)} tabIndex={0}>
        {program.lines.map(({ text, side }, line) => (
          <div
            key={line}
            className={classesOf(side, litHere(lit[side], index) === line, line === current)}
            aria-current={line === current ? 'step' : undefined}
          >
            {text === '' ? '\u00a0' : text}
          </div>
        ))}
      </div>
    </div>
  );
}

/** The line of this program that is lit, if any. */
function litHere(lit: LitLine | undefined, index: number): number | undefined {
  return lit?.program === index ? lit.line : undefined;
}

function classesOf(side: ProgramLine['side'], isLit: boolean, isActive: boolean): string {
  return `program-line of-${side}${isLit ? ' lit' : ''}${isActive ? ' active' : ''}`;
}

/** Scrolls the program alone, never what it stands in. */
function showLine(lines: HTMLDivElement | null, line: number): void {
  const child = lines?.children[line];
  if (lines === null || !(child instanceof HTMLElement)) return;
  const top = child.offsetTop;
  const isInSight =
    top >= lines.scrollTop && top + child.offsetHeight <= lines.scrollTop + lines.clientHeight;
  if (!isInSight) lines.scrollTop = top - (lines.clientHeight - child.offsetHeight) / 2;
}

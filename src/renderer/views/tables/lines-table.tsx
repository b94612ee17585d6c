// Every line of the file: as sent, as it came back, where it is now; by its number or by its round trip. Only the rows in
// view are rendered: a file of ten million lines scrolls as a small one.

import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { columnName } from '../../../shared/experiments/transform-words.ts';
import { formatCount } from '../../../shared/format.ts';
import { useTransform } from '../../store/choices.ts';
import { useCounts } from '../../store/derived.ts';
import { LinesByNumber } from './lines-by-number.tsx';
import { LinesByRoundTrip } from './lines-by-round-trip.tsx';

/** Of the rows' type: in the head, which has another, the column must be as wide. */
const DIGIT_PX = 8.5;

type Column = 'line' | 'round trip';

interface Sorting {
  readonly by: Column;
  readonly falling: boolean;
}

/** What the first choice of a column sorts by: the first line, the slowest line. */
const FIRST_FALLING: Readonly<Record<Column, boolean>> = { line: false, 'round trip': true };

export function LinesTable() {
  const total = useCounts().linesSent;
  const transform = useTransform();
  const [sorting, setSorting] = useState<Sorting>({ by: 'line', falling: false });

  function heading(column: Column, name: string, title: string): ReactNode {
    const isSorted = sorting.by === column;
    const Arrow = sorting.falling ? ArrowDown : ArrowUp;
    return (
      <span
        role="columnheader"
        aria-sort={isSorted ? (sorting.falling ? 'descending' : 'ascending') : 'none'}
      >
        <button
          type="button"
          className="sort"
          title={title}
          onClick={() => {
            setSorting({ by: column, falling: isSorted ? !sorting.falling : FIRST_FALLING[column] });
          }}
        >
          {name}
          {isSorted ? <Arrow size={12} aria-hidden /> : null}
        </button>
      </span>
    );
  }

  return (
    <div
      className="lines-table mono"
      ref={(element) =>
        element?.style.setProperty('--number-width', `${(formatCount(total).length + 2) * DIGIT_PX}px`)
      }
      role="table"
      aria-label="Lines"
      aria-rowcount={total + 1}
    >
      <div role="rowgroup">
        <div className="lines-row head" role="row" aria-rowindex={1}>
          {heading('line', '#', 'Sort by the number of the line')}
          <span role="columnheader">sent by the client</span>
          <span role="columnheader">{columnName(transform)}</span>
          <span role="columnheader" title="reads at the server → reads at the client">
            reads
          </span>
          {heading('round trip', 'round trip', 'Sort by the round trip: the slowest lines first')}
        </div>
      </div>
      {sorting.by === 'line' ? (
        <LinesByNumber falling={sorting.falling} />
      ) : (
        <LinesByRoundTrip order={sorting.falling ? 'slowest' : 'fastest'} />
      )}
    </div>
  );
}

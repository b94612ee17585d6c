// Which picture of `ports` is shown: the plot of all runs, or the ladder of one.

import { useRound } from '../../store/derived.ts';
import type { PortsView } from '../../views/wire/picture.tsx';

interface PortsViewChoiceProps {
  readonly view: PortsView;
  readonly onChoose: (view: PortsView) => void;
}

export function PortsViewChoice({ view, onChoose }: PortsViewChoiceProps) {
  const round = useRound()?.round;
  const names: readonly (readonly [PortsView, string])[] = [
    ['plot', 'All runs'],
    ['ladder', round === undefined ? 'One run' : `Run ${round}`],
  ];
  return (
    <div className="view-choice" role="radiogroup" aria-label="Picture">
      {names.map(([id, name]) => (
        <label key={id}>
          <input
            type="radio"
            name="ports-view"
            checked={id === view}
            onChange={() => {
              onChoose(id);
            }}
          />
          {name}
        </label>
      ))}
    </div>
  );
}

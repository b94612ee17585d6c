// Shows what the reversal unit changes: the same text reversed by each unit, by the server's own code.

import { useEffect, useId, useState } from 'react';
import type { ReversedEachWay } from '../../../shared/ipc.ts';
import type { ReversalUnit } from '../../../shared/trace/fact.ts';
import { visibleText } from '../../scene/octets.ts';
import { OPTIONS } from '../../../shared/experiments/definitions.ts';
import { valuesOf } from '../../../shared/experiments/options.ts';
import { unitName } from '../../../shared/experiments/transform-words.ts';
import { bridge } from '../../store/bridge.ts';

/** An accent in two code points, a family in five, a flag in two. */
const EXAMPLE = 'nai\u0308ve \u{1F468}\u200D\u{1F469}\u200D\u{1F467} \u{1F1F3}\u{1F1F1}';

export function Difference({ chosen }: { readonly chosen: ReversalUnit }) {
  const id = useId();
  const [text, setText] = useState(EXAMPLE);
  const [reversed, setReversed] = useState<ReversedEachWay>();
  useEffect(() => {
    let wanted = true;
    void bridge.call('text:reverse-each-way', { text }).then((each) => {
      if (wanted) setReversed(each);
    });
    return () => {
      wanted = false;
    };
  }, [text]);
  return (
    <div className="option">
      <label htmlFor={id}>Try it on</label>
      <input
        id={id}
        type="text"
        value={text}
        maxLength={200}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <table className="difference" aria-label="The difference">
        <tbody>
          {valuesOf(OPTIONS.by).map((unit) => {
            const result = reversed?.[unit];
            return (
              <tr key={unit} className={unit === chosen ? 'chosen' : ''}>
                <th scope="row">{unitName(unit)}</th>
                <td>
                  {result === undefined ? (
                    ''
                  ) : result.text === undefined ? (
                    <span className="broken" title={result.hex}>
                      no longer UTF-8
                    </span>
                  ) : (
                    visibleText(result.text)
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

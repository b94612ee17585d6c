// What counts as one character, and what difference it makes: the same text reversed in each way by the server's own code.

import { useEffect, useId, useState } from 'react';
import type { ReversedEachWay, Settings } from '../../../shared/ipc.ts';
import type { ReversalUnit } from '../../../shared/trace.ts';
import { unitName } from '../../scene/transform-words.ts';
import { visibleText } from '../../scene/octets.ts';
import { bridge } from '../../store/bridge.ts';
import { changeSettings } from '../../store/run.ts';
import { RadioChoices } from '../../ui/radio-choices.tsx';

const UNITS: readonly ReversalUnit[] = ['grapheme', 'codepoint', 'byte'];

const HINTS: Readonly<Record<ReversalUnit, string>> = {
  grapheme: 'as a reader sees it',
  codepoint: 'as Python [::-1]',
  byte: 'breaks all but ASCII',
};

/** An accent in two code points, a family in five, a flag in two. */
const EXAMPLE = 'nai\u0308ve \u{1F468}\u200D\u{1F469}\u200D\u{1F467} \u{1F1F3}\u{1F1F1}';

export function ReverseByOption({ settings }: { readonly settings: Settings }) {
  return (
    <>
      <ReverseByChoice settings={settings} />
      <Difference chosen={settings.by} />
    </>
  );
}

const CHOICES = UNITS.map((value) => ({ value, name: unitName(value), hint: HINTS[value] }));

export function ReverseByChoice({ settings }: { readonly settings: Settings }) {
  return (
    <RadioChoices
      name="Reverse by"
      choices={CHOICES}
      chosen={settings.by}
      onChoose={(by) => void changeSettings({ by })}
    />
  );
}

function Difference({ chosen }: { readonly chosen: ReversalUnit }) {
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
          {UNITS.map((unit) => {
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

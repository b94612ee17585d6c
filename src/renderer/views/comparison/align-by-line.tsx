// Has both runs stand side by side from a line on.

import { useId, useState, type SyntheticEvent } from 'react';
import { alignByLine } from '../../store/comparison.ts';
import { Button } from '../../ui/button.tsx';

export function AlignByLine() {
  const id = useId();
  const [text, setText] = useState('');
  const line = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
  function onSubmit(event: SyntheticEvent): void {
    event.preventDefault();
    if (line !== undefined) void alignByLine(line);
  }
  return (
    <form className="align-by-line" onSubmit={onSubmit}>
      <label htmlFor={id}>Align at line</label>
      <input
        id={id}
        type="text"
        inputMode="numeric"
        autoComplete="off"
        maxLength={10}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <Button type="submit" disabled={line === undefined}>
        Align
      </Button>
    </form>
  );
}

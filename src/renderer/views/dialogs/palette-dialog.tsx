// Every command of the window, found by some of its letters and run by Enter.

import { createListCollection } from '@ark-ui/react/collection';
import { Listbox } from '@ark-ui/react/listbox';
import { useMemo, useState } from 'react';
import { bestMatches } from '../../scene/fuzzy.ts';
import { COMMANDS, isEnabled, type Command } from '../../store/commands.ts';
import { keyName } from '../../store/keys.ts';
import { showDialog, useRun } from '../../store/run.ts';
import { Dialog } from '../../ui/dialog.tsx';
import './palette-dialog.css';

function close(): void {
  showDialog(undefined);
}

export function PaletteDialog() {
  const open = useRun((state) => state.dialog === 'palette');
  return (
    <Dialog title="Commands" open={open} onClose={close}>
      <Palette />
    </Dialog>
  );
}

/** What has something to do comes first. As it was when the palette was opened: nothing moves under the hand. */
function commandsNow(): readonly Command[] {
  const commands = COMMANDS.filter(({ keyOnly }) => keyOnly !== true);
  return [...commands.filter(isEnabled), ...commands.filter((command) => !isEnabled(command))];
}

function Palette() {
  const [commands] = useState(commandsNow);
  const [typed, setTyped] = useState('');
  const found = useMemo(() => bestMatches(typed, commands, ({ words }) => words), [typed, commands]);
  const collection = useMemo(
    () =>
      createListCollection({
        items: found.map(({ item }) => item),
        itemToValue: ({ id }) => id,
        itemToString: ({ words }) => words,
        isItemDisabled: (command) => !isEnabled(command),
      }),
    [found],
  );
  return (
    <Listbox.Root
      collection={collection}
      className="palette"
      onSelect={({ value }) => {
        close();
        const command = commands.find(({ id }) => id === value);
        // When the dialog is closed and the focus is where it was.
        setTimeout(() => void command?.run());
      }}
    >
      <Listbox.Input
        autoHighlight
        className="palette-field"
        role="combobox"
        aria-expanded
        aria-label="Command"
        placeholder="Type some letters of a command"
        // The dialog gives the focus to what has the attribute, which React does not set.
        ref={(field) => field?.setAttribute('autofocus', '')}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
      />
      <Listbox.Content className="palette-list" aria-label="Commands" hidden={found.length === 0}>
        {found.map(({ item, match }) => (
          <Listbox.Item key={item.id} item={item} className="palette-entry">
            <Listbox.ItemText>
              <Words words={item.words} at={match.at} />
            </Listbox.ItemText>
            {item.key === undefined ? null : <kbd>{keyName(item.key)}</kbd>}
          </Listbox.Item>
        ))}
      </Listbox.Content>
      {found.length === 0 ? (
        <p className="palette-list dim">No command has these letters in this order.</p>
      ) : null}
      <span className="visually-hidden" role="status">
        {`${found.length} commands`}
      </span>
    </Listbox.Root>
  );
}

/** The words with the letters that were typed set off. */
function Words({ words, at }: { readonly words: string; readonly at: readonly number[] }) {
  if (at.length === 0) return words;
  const matched = new Set(at);
  return Array.from(words, (letter, index) => (matched.has(index) ? <b key={index}>{letter}</b> : letter));
}

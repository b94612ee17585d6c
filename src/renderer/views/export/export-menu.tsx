// The picture out of the window: as a file, to the clipboard, or as a page that plays the run.

import { Menu } from '@ark-ui/react/menu';
import { Share } from 'lucide-react';
import { useRef } from 'react';
import { EXPORTS } from '../../store/export/export-picture.ts';
import { hasShownRun, useRun } from '../../store/run.ts';
import './export-menu.css';

/** After the menu has closed, its button gets the focus in so many milliseconds. */
const FOCUS_MS = 200;

export function ExportMenu() {
  const isShown = useRun(hasShownRun);
  // Opened by the mouse, it gives the focus back: Space means play and pause then.
  const byMouse = useRef(false);
  const closedAt = useRef(-Infinity);
  if (!isShown) return null;
  return (
    <Menu.Root
      aria-label="Export"
      positioning={{ placement: 'bottom-end', gutter: 4 }}
      onOpenChange={({ open }) => {
        if (!open && byMouse.current) closedAt.current = performance.now();
      }}
      onSelect={({ value }) => {
        void EXPORTS.find(({ id }) => id === value)?.run();
      }}
    >
      <Menu.Trigger
        className="button plain export-button"
        title="Export"
        onPointerDown={() => {
          byMouse.current = true;
        }}
        onKeyDown={() => {
          byMouse.current = false;
        }}
        onFocus={({ currentTarget }) => {
          if (performance.now() - closedAt.current < FOCUS_MS) currentTarget.blur();
        }}
      >
        <Share size={16} aria-hidden strokeWidth={2} />
        <span className="export-words">Export</span>
      </Menu.Trigger>
      <Menu.Positioner>
        <Menu.Content className="export-menu" data-own-keys>
          {EXPORTS.map(({ id, words, about }) => (
            <Menu.Item key={id} className="export-entry" value={id}>
              {words} <span className="export-about">{about}</span>
            </Menu.Item>
          ))}
        </Menu.Content>
      </Menu.Positioner>
    </Menu.Root>
  );
}

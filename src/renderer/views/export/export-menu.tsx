// The picture out of the window: as a file, to the clipboard, or as a page that plays the run.

import { Menu } from '@ark-ui/react/menu';
import { Share } from 'lucide-react';
import { useRef } from 'react';
import {
  copyPicture,
  savePictureAsPng,
  savePictureAsSvg,
  saveReplay,
} from '../../store/export/export-picture.ts';
import { hasShownRun, useRun } from '../../store/run.ts';
import './export-menu.css';

const ENTRIES = [
  { words: 'Save as SVG', about: 'sharp at any size, for a paper', run: savePictureAsSvg },
  { words: 'Save as PNG', about: 'for slides and chats', run: savePictureAsPng },
  { words: 'Copy picture', about: 'to the clipboard', run: copyPicture },
  { words: 'Save as HTML replay', about: 'plays in any browser', run: saveReplay },
];

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
        void ENTRIES.find(({ words }) => words === value)?.run();
      }}
    >
      <Menu.Trigger
        className="button plain export-button"
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
        Export
      </Menu.Trigger>
      <Menu.Positioner>
        <Menu.Content className="export-menu" data-own-keys>
          {ENTRIES.map(({ words, about }) => (
            <Menu.Item key={words} className="export-entry" value={words}>
              {words} <span className="export-about">{about}</span>
            </Menu.Item>
          ))}
        </Menu.Content>
      </Menu.Positioner>
    </Menu.Root>
  );
}

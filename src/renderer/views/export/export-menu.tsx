// The picture out of the window: as a file, to the clipboard, or as a page that plays the run.

import { Menu } from '@ark-ui/react/menu';
import { Share } from 'lucide-react';
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

export function ExportMenu() {
  const isShown = useRun(hasShownRun);
  if (!isShown) return null;
  return (
    <Menu.Root
      aria-label="Export"
      positioning={{ placement: 'bottom-end', gutter: 4 }}
      onSelect={({ value }) => {
        void ENTRIES.find(({ words }) => words === value)?.run();
      }}
    >
      <Menu.Trigger className="button plain export-button" data-own-keys>
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

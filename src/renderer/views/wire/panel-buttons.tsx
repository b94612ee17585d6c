// Folds the panels around the picture away, and unfolds them.

import { PanelBottom, PanelLeft, PanelRight, type LucideIcon } from 'lucide-react';
import type { PanelName } from '../../../shared/panels.ts';
import { toggleFolded, usePanels } from '../../store/panels.ts';
import { useMedia } from '../../ui/use-media.ts';
import { Button } from '../../ui/button.tsx';

const PANELS: readonly { readonly name: PanelName; readonly icon: LucideIcon; readonly words: string }[] = [
  { name: 'sidebar', icon: PanelLeft, words: 'Experiments and options' },
  { name: 'tables', icon: PanelBottom, words: 'Tables' },
  { name: 'evidence', icon: PanelRight, words: 'Evidence' },
];

/** In a narrower window the evidence is a tab among the tables; in one column there is nothing to fold. */
const wide = window.matchMedia('(width >= 1180px)');
const onePage = window.matchMedia('(width < 800px) or (height < 520px)');

export function PanelButtons() {
  const { folded } = usePanels();
  const isWide = useMedia(wide);
  if (useMedia(onePage)) return null;
  return (
    <div className="panel-buttons" role="group" aria-label="Panels">
      {PANELS.filter(({ name }) => isWide || name !== 'evidence').map(({ name, icon, words }) => (
        <Button
          key={name}
          icon={icon}
          look="plain"
          iconOnly
          aria-pressed={!folded.includes(name)}
          onClick={() => {
            toggleFolded(name);
          }}
        >
          {words}
        </Button>
      ))}
    </div>
  );
}

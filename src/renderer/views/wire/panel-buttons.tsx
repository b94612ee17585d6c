// Folds the panels around the picture away, and unfolds them.

import { PanelBottom, PanelLeft, PanelRight, Presentation, X, type LucideIcon } from 'lucide-react';
import type { PanelName } from '../../../shared/panels.ts';
import { keyNameOf } from '../../store/keys.ts';
import { toggleFolded, usePanels } from '../../store/panels.ts';
import { togglePresentation, usePresentation } from '../../store/presentation.ts';
import { onePage, useMedia, wide } from '../../ui/use-media.ts';
import { Button } from '../../ui/button.tsx';

const PANELS: readonly { readonly name: PanelName; readonly icon: LucideIcon; readonly words: string }[] = [
  { name: 'sidebar', icon: PanelLeft, words: 'Experiments and options' },
  { name: 'tables', icon: PanelBottom, words: 'Tables' },
  { name: 'evidence', icon: PanelRight, words: 'Evidence' },
];

export function PanelButtons() {
  const { folded } = usePanels();
  const isWide = useMedia(wide);
  const presenting = usePresentation((state) => state.on);
  const isDivided = !useMedia(onePage);
  return (
    <div className="panel-buttons" role="group" aria-label="Panels">
      {presenting || !isDivided
        ? null
        : PANELS.filter(({ name }) => isWide || name !== 'evidence').map(({ name, icon, words }) => (
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
      <Button
        icon={presenting ? X : Presentation}
        look="plain"
        iconOnly
        title={
          presenting ? 'End the presentation (Esc)' : `Present on the whole screen (${keyNameOf('present')})`
        }
        onClick={togglePresentation}
      >
        {presenting ? 'End the presentation' : 'Present'}
      </Button>
    </div>
  );
}

// The context menu of the transcript, the lines, the facts and their bytes, by the right button, the Menu key or Shift+F10.

import { Menu } from '@ark-ui/react/menu';
import { Fragment, useEffect, useState } from 'react';
import { offersFor, type Offer } from '../../store/offers.ts';
import { selectedText } from '../../store/selected-text.ts';
import './context-menu.css';
import { placeAt, pointOf, targetOf, type Point } from './place.ts';

interface Opened {
  readonly groups: readonly (readonly Offer[])[];
  readonly at: Point;
  /** What had the focus before. */
  readonly before: Element | null;
}

/** What is offered where the event happened; undefined where nothing is. */
function openedBy(event: MouseEvent): Opened | undefined {
  const target = targetOf(event);
  const found = target === null ? undefined : placeAt(target);
  if (found === undefined) return undefined;
  const panel = found.element.closest('[data-text], [role="table"]') ?? document.body;
  const groups = offersFor(found.place, selectedText(panel)).filter((group) => group.length > 0);
  if (groups.length === 0) return undefined;
  return { groups, at: pointOf(event, found.element), before: document.activeElement };
}

export function ContextMenu() {
  const [opened, setOpened] = useState<Opened>();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    function onContextMenu(event: MouseEvent): void {
      const next = openedBy(event);
      if (next === undefined) return;
      event.preventDefault();
      setOpened(next);
      setOpen(true);
    }
    document.addEventListener('contextmenu', onContextMenu);
    return () => {
      document.removeEventListener('contextmenu', onContextMenu);
    };
  }, []);
  return opened === undefined ? null : (
    <OpenedMenu
      opened={opened}
      isOpen={isOpen}
      onClose={() => {
        setOpen(false);
        if (opened.before instanceof HTMLElement || opened.before instanceof SVGElement) {
          opened.before.focus({ preventScroll: true });
        }
      }}
    />
  );
}

interface OpenedMenuProps {
  readonly opened: Opened;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

function OpenedMenu({ opened: { groups, at }, isOpen, onClose }: OpenedMenuProps) {
  const offers = groups.flat();
  return (
    <Menu.Root
      aria-label="Context menu"
      open={isOpen}
      positioning={{
        placement: 'bottom-start',
        gutter: 2,
        getAnchorRect: () => ({ ...at, width: 0, height: 0 }),
      }}
      onOpenChange={({ open }) => {
        if (!open) onClose();
      }}
      onSelect={({ value }) => {
        void offers[Number(value)]?.run();
      }}
    >
      <Menu.Positioner>
        <Menu.Content className="context-menu">
          {groups.map((group, index) => (
            <Fragment key={group[0]?.words}>
              {index === 0 ? null : <Menu.Separator className="menu-line" />}
              {group.map((offer) => (
                <Menu.Item key={offer.words} className="menu-entry" value={String(offers.indexOf(offer))}>
                  {offer.words}
                </Menu.Item>
              ))}
            </Fragment>
          ))}
        </Menu.Content>
      </Menu.Positioner>
    </Menu.Root>
  );
}

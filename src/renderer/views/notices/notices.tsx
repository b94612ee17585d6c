// Notices to the person, of what has no place in the picture: above the panels, none of which they cover.

import { CircleAlert, CircleCheck, Info, X } from 'lucide-react';
import { useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Notice } from '../../../shared/ipc.ts';
import { assertNever } from '../../../shared/result.ts';
import { cancelPart } from '../../store/copying.ts';
import { cancelAndRun, saveResult, showSaved } from '../../store/actions.ts';
import { toEnd } from '../../store/player.ts';
import type { ShownNotice } from '../../store/run.ts';
import { dismissNotice, shownNotices, useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';
import './notices.css';

/** How long a sentence about something done, or about a client that came, stays; errors stay until they are dismissed or something newer holds. */
const DONE_STAYS_MS = 8_000;

export function Notices() {
  const notices = useRun(useShallow(shownNotices));
  return (
    <div className="notices" role="region" aria-label="Notices">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

const ICONS = { error: CircleAlert, done: CircleCheck, info: Info };

function NoticeCard({ notice }: { readonly notice: ShownNotice }) {
  const { id, tone, text, offer } = notice;
  useEffect(() => {
    if (tone === 'error') return undefined;
    const timer = setTimeout(() => {
      dismissNotice(id);
    }, DONE_STAYS_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [id, tone]);
  const Icon = ICONS[tone];
  return (
    <div className={`notice ${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon size={18} aria-hidden />
      <p>{text}</p>
      {offer === undefined ? null : (
        <Button
          look={tone === 'error' ? 'primary' : 'normal'}
          onClick={() => {
            dismissNotice(id);
            accept(offer);
          }}
        >
          {offerName(offer)}
        </Button>
      )}
      <Button
        icon={X}
        iconOnly
        look="plain"
        onClick={() => {
          dismissNotice(id);
        }}
      >
        Dismiss
      </Button>
    </div>
  );
}

type Offer = NonNullable<Notice['offer']>;

function offerName(offer: Offer): string {
  switch (offer) {
    case 'save-what-came-back':
      return 'Save what came back';
    case 'cancel-and-run':
      return 'Cancel it and run the new file';
    case 'show-in-folder':
      return 'Show in folder';
    case 'show-the-end':
      return 'Show it';
    case 'cancel-writing':
      return 'Cancel';
    default:
      return assertNever(offer);
  }
}

function accept(offer: Offer): void {
  switch (offer) {
    case 'save-what-came-back':
      void saveResult();
      return;
    case 'cancel-and-run':
      void cancelAndRun();
      return;
    case 'show-in-folder':
      void showSaved();
      return;
    case 'show-the-end':
      toEnd();
      return;
    case 'cancel-writing':
      void cancelPart();
      return;
    default:
      assertNever(offer);
  }
}

// Notices to the person: what went wrong and what to do, or what was done.

import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useEffect } from 'react';
import type { Notice } from '../../../shared/ipc.ts';
import { assertNever } from '../../../shared/result.ts';
import { cancelAndRun, runChosen, saveResult, showSaved, waitAndRun } from '../../store/actions.ts';
import type { ShownNotice } from '../../store/run.ts';
import { dismissNotice, useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';
import './notices.css';

/** How long a sentence about something done stays; errors stay until they are dismissed or something newer holds. */
const DONE_STAYS_MS = 8_000;

export function Notices() {
  const notices = useRun((state) => state.notices);
  return (
    <div className="notices" role="region" aria-label="Notices">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeCard({ notice }: { readonly notice: ShownNotice }) {
  const { id, tone, text, offer, canWait, problem } = notice;
  useEffect(() => {
    if (tone !== 'done') return undefined;
    const timer = setTimeout(() => {
      dismissNotice(id);
    }, DONE_STAYS_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [id, tone]);
  const Icon = tone === 'error' ? CircleAlert : CircleCheck;
  return (
    <div className={`notice ${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon size={18} aria-hidden />
      <p>{text}</p>
      {canWait === undefined ? null : (
        <Button
          onClick={() => {
            dismissNotice(id);
            void waitAndRun(problem?.detail.port);
          }}
        >
          Wait and retry
        </Button>
      )}
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
    case 'use-a-free-port':
      return 'Use a free port';
    case 'save-what-came-back':
      return 'Save what came back';
    case 'cancel-and-run':
      return 'Cancel it and run the new file';
    case 'show-in-folder':
      return 'Show in folder';
    default:
      return assertNever(offer);
  }
}

function accept(offer: Offer): void {
  switch (offer) {
    case 'use-a-free-port':
      void runChosen(0);
      return;
    case 'save-what-came-back':
      void saveResult();
      return;
    case 'cancel-and-run':
      void cancelAndRun();
      return;
    case 'show-in-folder':
      void showSaved();
      return;
    default:
      assertNever(offer);
  }
}

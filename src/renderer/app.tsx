// The window's plan: experiments left, wire in the middle, lines below it, evidence right, time at the bottom.

import './app.css';
import { useDocumentState } from './store/document-state.ts';
import { useKeys } from './store/keys.ts';
import { useMedia } from './ui/use-media.ts';
import { AboutDialog } from './views/dialogs/about-dialog.tsx';
import { KeysDialog } from './views/dialogs/keys-dialog.tsx';
import { WhyDialog } from './views/dialogs/why-dialog.tsx';
import { DropOverlay } from './views/drop/drop-overlay.tsx';
import { Evidence } from './views/evidence/evidence.tsx';
import { Guide } from './views/guide/guide.tsx';
import { Header } from './views/header/header.tsx';
import { SettingsDialog } from './views/lazy.tsx';
import { LowerPanel } from './views/tables/lower-panel.tsx';
import { Notices } from './views/notices/notices.tsx';
import { Sidebar } from './views/sidebar/sidebar.tsx';
import { TimeBar } from './views/timeline/time-bar.tsx';
import { Wire } from './views/wire/wire.tsx';

const wide = window.matchMedia('(width >= 1180px)');

export function App() {
  useKeys();
  useDocumentState();
  const isWide = useMedia(wide);
  return (
    <div className="app">
      <Header />
      <Sidebar />
      <Guide />
      <main>
        <Wire />
        <LowerPanel withEvidence={!isWide} />
      </main>
      {isWide ? (
        <aside aria-label="Evidence">
          <Evidence />
        </aside>
      ) : null}
      <TimeBar />
      <Notices />
      <KeysDialog />
      <AboutDialog />
      <WhyDialog />
      <SettingsDialog />
      <DropOverlay />
    </div>
  );
}

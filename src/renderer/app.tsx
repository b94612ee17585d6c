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
import { ViewBoundary } from './views/view-boundary.tsx';
import { Wire } from './views/wire/wire.tsx';

const wide = window.matchMedia('(width >= 1180px)');

export function App() {
  useKeys();
  useDocumentState();
  const isWide = useMedia(wide);
  return (
    <div className="app">
      <ViewBoundary name="The header" place="head">
        <Header />
      </ViewBoundary>
      <ViewBoundary name="The list of experiments" place="nav">
        <Sidebar />
      </ViewBoundary>
      <ViewBoundary name="The guide" place="guide">
        <Guide />
      </ViewBoundary>
      <main>
        <ViewBoundary name="The wire" place="inside">
          <Wire />
        </ViewBoundary>
        <ViewBoundary name="The panel of lines" place="inside">
          <LowerPanel withEvidence={!isWide} />
        </ViewBoundary>
      </main>
      {isWide ? (
        <aside aria-label="Evidence">
          <ViewBoundary name="The evidence" place="side">
            <Evidence />
          </ViewBoundary>
        </aside>
      ) : null}
      <ViewBoundary name="The time bar" place="time">
        <TimeBar />
      </ViewBoundary>
      <ViewBoundary name="The notice" place="over">
        <Notices />
      </ViewBoundary>
      <ViewBoundary name="The list of keys" place="over">
        <KeysDialog />
      </ViewBoundary>
      <ViewBoundary name="About SocketScope" place="over">
        <AboutDialog />
      </ViewBoundary>
      <ViewBoundary name="The answer to Why?" place="over">
        <WhyDialog />
      </ViewBoundary>
      <ViewBoundary name="The settings" place="over">
        <SettingsDialog />
      </ViewBoundary>
      <ViewBoundary name="The place to drop a file" place="over">
        <DropOverlay />
      </ViewBoundary>
    </div>
  );
}

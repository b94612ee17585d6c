// The window's plan: experiments left, the picture in the middle, below it the tables and the evidence, time at the bottom.

import './app.css';
import { useComparison } from './store/comparison.ts';
import { useDocumentState } from './store/document-state.ts';
import { useKeys } from './store/keys.ts';
import { changePanels, usePanels } from './store/panels.ts';
import { usePresentation } from './store/presentation.ts';
import { hasShownRun, useRun } from './store/run.ts';
import { Split } from './ui/split.tsx';
import { useMedia, wide } from './ui/use-media.ts';
import { AboutDialog } from './views/dialogs/about-dialog.tsx';
import { KeysDialog } from './views/dialogs/keys-dialog.tsx';
import { WhyDialog } from './views/dialogs/why-dialog.tsx';
import { DropOverlay } from './views/drop/drop-overlay.tsx';
import { EvidencePanel } from './views/evidence/evidence.tsx';
import { Guide } from './views/guide/guide.tsx';
import { Header } from './views/header/header.tsx';
import { Comparison, ContextMenu, PaletteDialog, SettingsDialog } from './views/lazy.tsx';
import { LowerPanel } from './views/tables/lower-panel.tsx';
import { NotesBeside } from './views/notes/notes-beside.tsx';
import { Notices } from './views/notices/notices.tsx';
import { Sidebar } from './views/sidebar/sidebar.tsx';
import { TimeBar } from './views/timeline/time-bar.tsx';
import { ViewBoundary } from './views/view-boundary.tsx';
import { Wire } from './views/wire/wire.tsx';

export function App() {
  useKeys();
  useDocumentState();
  const presenting = usePresentation((state) => state.on);
  const dark = usePresentation((state) => state.dark);
  return (
    <div className={presenting ? 'app presenting' : 'app'}>
      {presenting ? null : (
        <ViewBoundary name="The header" place="head">
          <Header />
        </ViewBoundary>
      )}
      <ViewBoundary name="The notice" place="over">
        <Notices />
      </ViewBoundary>
      <Panels />
      <ViewBoundary name="The time bar" place="time">
        <TimeBar />
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
      {dark ? <div className="dark-screen" /> : null}
      <ViewBoundary name="The list of commands" place="over">
        <PaletteDialog />
      </ViewBoundary>
      <ViewBoundary name="The place to drop a file" place="over">
        <DropOverlay />
      </ViewBoundary>
    </div>
  );
}

/** The experiments beside the picture, and below it what belongs to it. */
function Panels() {
  const { sidebarPx, folded } = usePanels();
  const isBeside = useComparison((state) => state.beside !== undefined);
  const comparing = useRun(hasShownRun) && isBeside;
  return (
    <main>
      <Split
        orientation="horizontal"
        sideAt="start"
        size={`${sidebarPx}px`}
        minSide="168px"
        minMain="420px"
        folded={folded.includes('sidebar')}
        label="Width of the list of experiments"
        onResize={({ px }) => {
          changePanels({ sidebarPx: px });
        }}
        side={
          <div className="side">
            <ViewBoundary name="The list of experiments" place="nav">
              <Sidebar />
            </ViewBoundary>
            <ViewBoundary name="The guide" place="guide">
              <Guide />
            </ViewBoundary>
          </div>
        }
        main={
          comparing ? (
            <ViewBoundary name="The comparison" place="inside">
              <Comparison />
            </ViewBoundary>
          ) : (
            <PictureAndTables />
          )
        }
      />
      <ViewBoundary name="The context menu" place="over">
        <ContextMenu />
      </ViewBoundary>
    </main>
  );
}

function PictureAndTables() {
  const { lowerPercent, folded } = usePanels();
  const isWide = useMedia(wide);
  const hasEvidence = isWide && !folded.includes('evidence');
  const hasTables = !folded.includes('tables');
  return (
    <Split
      orientation="vertical"
      sideAt="end"
      size={lowerPercent}
      minSide="96px"
      minMain="200px"
      folded={!hasTables && !hasEvidence}
      label="Height of the tables"
      onResize={({ percent }) => {
        changePanels({ lowerPercent: percent });
      }}
      side={<Lower hasTables={hasTables} hasEvidence={hasEvidence} isWide={isWide} />}
      main={
        <div className="picture-and-notes">
          <ViewBoundary name="The wire" place="inside">
            <Wire />
          </ViewBoundary>
          <ViewBoundary name="The notes" place="side">
            <NotesBeside />
          </ViewBoundary>
        </div>
      }
    />
  );
}

interface LowerProps {
  readonly hasTables: boolean;
  readonly hasEvidence: boolean;
  /** There is room for the evidence beside the tables; where there is not, it is a tab among them. */
  readonly isWide: boolean;
}

function Lower({ hasTables, hasEvidence, isWide }: LowerProps) {
  const { evidencePercent } = usePanels();
  const evidence = (
    <aside aria-label="Evidence">
      <ViewBoundary name="The evidence" place="side">
        <EvidencePanel />
      </ViewBoundary>
    </aside>
  );
  if (!hasTables) return evidence;
  return (
    <Split
      orientation="horizontal"
      sideAt="end"
      size={evidencePercent}
      minSide="240px"
      minMain="280px"
      folded={!hasEvidence}
      label="Width of the evidence"
      onResize={({ percent }) => {
        changePanels({ evidencePercent: percent });
      }}
      side={evidence}
      main={
        <ViewBoundary name="The panel of lines" place="inside">
          <LowerPanel withEvidence={!isWide} />
        </ViewBoundary>
      }
    />
  );
}

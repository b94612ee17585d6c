// The evidence for the picture: the programs with the call at the cursor, the ports and what chose them, and the selected
// fact with its bytes.

import { Tabs } from '@ark-ui/react/tabs';
import { useState } from 'react';
import { diagnosisAt } from '../../scene/port-doctor.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useGuideStep } from '../../store/guide.ts';
import { useLandmarks } from '../../store/derived.ts';
import { useFirstPaint } from '../../ui/first-paint.ts';
import { NotesTab } from '../notes/notes-tab.tsx';
import './evidence.css';
import { PortDoctor } from './port-doctor.tsx';
import { Ports } from './ports.tsx';
import { ProgramsCard } from './programs.tsx';
import { SelectedFact } from './selected-fact.tsx';

/** All of it, one below the other: in a narrow window it is one tab among the tables. */
export function Evidence() {
  const painted = useFirstPaint();
  return (
    <div className="evidence">
      <PortDoctor />
      <Ports />
      {painted ? (
        <>
          <ProgramsCard />
          <SelectedFact />
          <NotesTab />
        </>
      ) : null}
    </div>
  );
}

const TABS = ['Programs', 'Ports', 'Fact', 'Notes'] as const;
type EvidenceTab = (typeof TABS)[number];

function isTab(value: string): value is EvidenceTab {
  return TABS.some((tab) => tab === value);
}

/** Beside the tables, a tab at a time. */
export function EvidencePanel() {
  const painted = useFirstPaint();
  const [chosen, setChosen] = useState<EvidenceTab>();
  // Who has the port is what a failed run is about.
  const landmarks = useLandmarks();
  const isAboutPort = usePlayer((state) => diagnosisAt(landmarks, Math.floor(state.cursor)) !== undefined);
  // The guide speaks of the ports: they are there when it does.
  const isAsked = useGuideStep() === 'ports';
  const tab = isAsked ? 'Ports' : (chosen ?? (isAboutPort ? 'Ports' : 'Programs'));
  return (
    <Tabs.Root
      className="evidence-panel"
      value={tab}
      onValueChange={({ value }) => {
        if (isTab(value)) setChosen(value);
      }}
      lazyMount
      unmountOnExit
    >
      <div className="lower-head">
        <Tabs.List className="tabs" aria-label="Evidence">
          {TABS.map((name) => (
            <Tabs.Trigger key={name} className="tab" value={name}>
              {name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </div>
      <Tabs.Content className="evidence side-by-side" value="Programs">
        {painted ? <ProgramsCard /> : null}
      </Tabs.Content>
      <Tabs.Content className="evidence" value="Ports">
        <PortDoctor />
        <Ports />
      </Tabs.Content>
      <Tabs.Content className="evidence" value="Fact">
        <SelectedFact />
      </Tabs.Content>
      <Tabs.Content className="evidence" value="Notes">
        <NotesTab />
      </Tabs.Content>
    </Tabs.Root>
  );
}

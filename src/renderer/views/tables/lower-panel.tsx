// Below the wire: the lines, the transcript, and in a narrow window the evidence, as tabs.

import { Tabs } from '@ark-ui/react/tabs';
import { GripVertical } from 'lucide-react';
import { useState } from 'react';
import { assertNever } from '../../../shared/result.ts';
import { printable } from '../../../shared/trace/transcript.ts';
import { formatBytes, formatCount } from '../../../shared/format.ts';
import { dragResult, saveResult } from '../../store/actions.ts';
import { useAllFacts, useCounts, useShownPhase } from '../../store/derived.ts';
import { hasShownRun, useRun } from '../../store/run.ts';
import { linesSentence, linesSoFar } from '../../scene/line-records.ts';
import { usePlayer } from '../../store/cursor.ts';
import { Evidence } from '../evidence/evidence.tsx';
import { GivenBack, LinesTable, Numbers, RoundsTable, Transcript } from '../lazy.tsx';
import { ViewBoundary } from '../view-boundary.tsx';
import './lines.css';
import { NoLines } from './no-lines.tsx';
import type { ExperimentName } from '../../../shared/experiments/definitions.ts';

type Tab = 'Lines' | 'Numbers' | 'Rounds' | 'Given back' | 'Transcript' | 'Evidence';

/** The table of an experiment. A greeting is no line: there is nothing to put in one. */
function tableOf(experiment: ExperimentName): Tab | undefined {
  if (experiment === 'boundaries') return 'Given back';
  if (experiment === 'race' || experiment === 'ports') return 'Rounds';
  return experiment === 'file' || experiment === 'string' ? 'Lines' : undefined;
}

/** A tab's part in ids, which have no spaces. */
function idOf(tab: string): string {
  return tab.replace(' ', '-');
}

export function LowerPanel({ withEvidence }: { readonly withEvidence: boolean }) {
  const [chosen, setChosen] = useState<Tab>('Lines');
  const table = tableOf(useRun((state) => state.chosen));
  const tabs: readonly Tab[] = [
    ...(table === undefined ? [] : [table]),
    ...(table === 'Lines' ? (['Numbers'] as const) : []),
    'Transcript',
    ...(withEvidence ? (['Evidence'] as const) : []),
  ];
  const tab = tabs.includes(chosen) ? chosen : (table ?? 'Transcript');
  return (
    <Tabs.Root
      className="lower"
      value={tab}
      onValueChange={({ value }) => {
        const next = tabs.find((name) => name === value);
        if (next !== undefined) setChosen(next);
      }}
      ids={{ trigger: (value) => `tab-${idOf(value)}`, content: (value) => `panel-${idOf(value)}` }}
    >
      <section className="lower-head" aria-label="Lines">
        <Tabs.List className="tabs" aria-label="Below the wire">
          {tabs.map((name) => (
            <Tabs.Trigger key={name} className="tab" value={name}>
              {name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Counts />
        <span className="spacer" />
        <DragOut />
      </section>
      <Tabs.Content className="lower-body" value={tab}>
        <ViewBoundary key={tab} name={`The part “${tab}”`} place="inside">
          <Body tab={tab} />
        </ViewBoundary>
      </Tabs.Content>
    </Tabs.Root>
  );
}

function Body({ tab }: { readonly tab: Tab }) {
  const { linesSent } = useCounts();
  switch (tab) {
    case 'Lines':
      return linesSent === 0 ? <NoLines /> : <LinesTable />;
    case 'Numbers':
      return linesSent === 0 ? <NoLines /> : <Numbers />;
    case 'Rounds':
      return <RoundsTable />;
    case 'Given back':
      return <GivenBack />;
    case 'Transcript':
      return <Transcript />;
    case 'Evidence':
      return <Evidence />;
    default:
      return assertNever(tab);
  }
}

function Counts() {
  const counts = useCounts();
  const phase = useShownPhase();
  const facts = useAllFacts();
  const cursor = usePlayer((state) => Math.floor(state.cursor));
  if (phase === 'empty' || counts.linesSent === 0) return null;
  const soFar = linesSoFar(facts, cursor, counts);
  const words = linesSentence(soFar, counts);
  return (
    <span className="lower-counts" title={words}>
      <span className="whole">{words}</span>
      <span className="short" aria-hidden>
        {soFar === undefined ? words : `${formatCount(soFar.back)} of ${formatCount(soFar.sent)} back`}
      </span>
    </span>
  );
}

/** A handle for the result: dragged out of the window it is a file. Keys cannot drag: Enter saves it. */
function DragOut() {
  const result = useRun((state) => (hasShownRun(state) ? state.result : undefined));
  if (result === undefined) return null;
  const name = printable(result.name);
  const size = `${formatBytes(result.bytes)}${result.complete ? '' : ', the part that came back'}`;
  return (
    <button
      type="button"
      className="button drag-out"
      draggable
      title={`Drag ${name} to the desktop, or into a folder. By keyboard, Enter saves it.`}
      aria-label={`Drag ${name}, ${size}, to the desktop`}
      onClick={({ detail }) => {
        // A click of the mouse is a drag that was let go again; a key's has no detail.
        if (detail === 0) void saveResult();
      }}
      onDragStart={(event) => {
        // The page's own drag would carry text; main starts the real one, which carries the file.
        event.preventDefault();
        void dragResult();
      }}
    >
      <GripVertical size={16} aria-hidden />
      <span className="mono">{name}</span> <span className="dim">{size}</span>
    </button>
  );
}

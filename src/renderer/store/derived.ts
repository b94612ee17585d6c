// What scene/ computes from the facts at hand, computed once for each set of facts and shared by the views.

import type { TraceEvent } from '../../shared/trace/fact.ts';
import type { BoundaryPicture } from '../experiments/boundaries/boundaries.ts';
import { boundaryPictures } from '../experiments/boundaries/boundaries.ts';
import type { Ladder } from '../scene/ladder.ts';
import { buildLadder, landmarksOf } from '../scene/ladder.ts';
import type { OtherClients } from '../scene/lanes.ts';
import { otherClientsOf } from '../scene/lanes.ts';
import { laidOut, partAt } from '../scene/laid-out.ts';
import type { LineRecord } from '../../shared/trace/line-follower.ts';
import { lineRecords } from '../scene/line-records.ts';
import type { RoundOutcome } from '../scene/round-outcomes.ts';
import { outcomesOf, roundsAsked } from '../scene/round-outcomes.ts';
import type { Round } from '../scene/rounds.ts';
import { prologueOf, roundAt, roundsOf } from '../scene/rounds.ts';
import type { TranscriptLine } from '../scene/transcript-lines.ts';
import { transcriptLines } from '../scene/transcript-lines.ts';
import type { RunCounts } from '../../shared/trace/counts.ts';
import { NO_COUNTS } from '../../shared/trace/counts.ts';
import { usePlayer } from './cursor.ts';
import type { Phase } from './run.ts';
import { hasShownRun, useRun } from './run.ts';
import { EMPTY_VIEW, mergeFacts, type View } from './pages.ts';
import { recordOf } from './trace-view.ts';

function onceFor<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}

/** What the picture shows at a time: the whole run, or one round of it. */
interface Scene {
  readonly facts: readonly TraceEvent[];
  /** Built when asked for: not every experiment draws one. */
  readonly ladder: () => Ladder;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

const scenesOf = onceFor<View, Map<number, Scene>>(() => new Map());

/** A part of a view. What is laid out is that part; what came before it says in which state both ends are. */
function sceneOf(view: View, part: number): Scene {
  const scenes = scenesOf(view);
  const known = scenes.get(part);
  if (known !== undefined) return known;
  const scene: Scene = {
    facts: view.atHand,
    ladder: once(() => {
      const { facts, links } = laidOut(view.facts, view.links, part);
      return buildLadder(facts, factsBefore(facts, view.atHand), links, otherClientsIn(view.atHand));
    }),
  };
  scenes.set(part, scene);
  return scene;
}

function factsBefore(facts: readonly TraceEvent[], atHand: readonly TraceEvent[]): readonly TraceEvent[] {
  const [first] = facts;
  return first === undefined ? [] : atHand.slice(0, atHand.indexOf(first));
}

/** Rounds of the same facts are the same objects, so that a round's scene is computed once for each set of facts. */
const roundsIn = onceFor((facts: readonly TraceEvent[]) => {
  const prologue = prologueOf(facts);
  return {
    rounds: roundsOf(facts),
    sceneOf: onceFor((round: Round): Scene => {
      const common = [...prologue, ...round.facts];
      // The first round's picture begins with the run; in the others a server that stayed is there from the start.
      return {
        facts: common,
        ladder: once(() => (round.round === 1 ? buildLadder(common) : buildLadder(round.facts, prologue))),
      };
    }),
  };
});
const outcomesIn = onceFor(outcomesOf);
const landmarksIn = onceFor(landmarksOf);
/** What is at hand, with the facts of other pages that it belongs to. */
const nearIn = onceFor((view: View) => mergeFacts(view.atHand, view.links));
const recordsIn = onceFor((view: View) => lineRecords(nearIn(view)));
const transcriptOf = onceFor(transcriptLines);
const otherClientsIn = onceFor((facts: readonly TraceEvent[]) => otherClientsOf(facts));

const NO_FACTS: readonly TraceEvent[] = [];

/** The facts at hand of the run shown: none while the window shows an experiment that has not been run. */
export function useAllFacts(): readonly TraceEvent[] {
  return useRun((state) => (hasShownRun(state) ? state.facts : NO_FACTS));
}

/** As `useAllFacts`, with the facts of other pages that they belong to. */
export function useNearFacts(): readonly TraceEvent[] {
  return nearIn(useRun((state) => (hasShownRun(state) ? state.view : EMPTY_VIEW)));
}

/** The facts of the whole run that are not about lines. */
export function useLandmarks(): readonly TraceEvent[] {
  return useRun((state) => (hasShownRun(state) ? state.landmarks : NO_FACTS));
}

/** The rounds of the run shown; none where it has none. */
function useRounds(): readonly Round[] {
  return roundsIn(useAllFacts()).rounds;
}

/** The round that the cursor stands in, the first one before it has begun; changes when another round does. */
export function useRound(): Round | undefined {
  const rounds = useRounds();
  const number = usePlayer((state) => roundAt(rounds, state.cursor)?.round);
  return rounds.find((round) => round.round === number) ?? rounds[0];
}

/** How each round came out. */
export function useOutcomes(): readonly RoundOutcome[] {
  return outcomesIn(useRounds());
}

/** How many rounds the run shown is to have. */
export function useRoundsAsked(): number {
  return roundsAsked(useAllFacts(), useRounds());
}

function useScene(): Scene {
  const facts = useAllFacts();
  const view = useRun((state) => (hasShownRun(state) ? state.view : EMPTY_VIEW));
  const part = usePlayer((state) => partAt(view.facts, state.cursor));
  const round = useRound();
  return round === undefined ? sceneOf(view, part) : roundsIn(facts).sceneOf(round);
}

/** The ladder of a view with the cursor there, of any run. */
export function ladderAt(view: View, cursor: number): Ladder {
  const { rounds, sceneOf: sceneOfRound } = roundsIn(view.atHand);
  const round = roundAt(rounds, cursor) ?? rounds[0];
  return (round === undefined ? sceneOf(view, partAt(view.facts, cursor)) : sceneOfRound(round)).ladder();
}

/** The facts of the round that the cursor stands in, behind those before the first round; all, where there are no rounds. */
export function useRoundFacts(): readonly TraceEvent[] {
  return useScene().facts;
}

/** Those of them that are not about lines. */
export function useRoundLandmarks(): readonly TraceEvent[] {
  return landmarksIn(useRoundFacts());
}

export function useCounts(): RunCounts {
  return useRun((state) => (hasShownRun(state) ? state.counts : NO_COUNTS));
}

export function useShownPhase(): Phase {
  return useRun((state) => (hasShownRun(state) ? state.phase : 'empty'));
}

/** The ladder of the round that the cursor stands in, or of the whole run where it has no rounds. */
export function useLadder(): Ladder {
  return useScene().ladder();
}

/** The lines of which facts are in the view. */
export function useLineRecords(): ReadonlyMap<number, LineRecord> {
  return recordsIn(useRun((state) => (hasShownRun(state) ? state.view : EMPTY_VIEW)));
}

/** What is known of a line, from any page that is here. Changes when a page comes. */
export function useRecordOf(): (line: number) => LineRecord | undefined {
  useRun((state) => state.pagesChanged);
  const shown = useRun(hasShownRun);
  return shown ? recordOf : noRecord;
}

function noRecord(): undefined {
  return undefined;
}

/** The clients that are not ours in what is at hand. */
export function useOtherClients(): OtherClients {
  return otherClientsIn(useAllFacts());
}

export function useTranscript(): readonly TranscriptLine[] {
  return transcriptOf(useAllFacts());
}

const boundariesOf = onceFor(boundaryPictures);

/** What `boundaries` shows of the run, one picture for each way of splitting the writes. */
export function useBoundaryPictures(): readonly BoundaryPicture[] {
  return boundariesOf(useAllFacts());
}

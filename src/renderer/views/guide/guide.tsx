// The guide of the first start: a card below the experiments that covers nothing. It shows one sentence at a time. What the
// sentence refers to gets a quiet outline (guide.css), by an attribute on the document's root.

import type { KeyboardEvent } from 'react';
import { useEffect, useRef } from 'react';
import { endsAt } from '../../scene/peers.ts';
import type { GuidePiece, GuideStep, GuideTask, GuideWords } from '../../scene/guide.ts';
import { guideLine, guideWords, STEP_COUNT, stepNumber } from '../../scene/guide.ts';
import { useTransform } from '../../store/choices.ts';
import { useCounts, useLandmarks, useShownPhase } from '../../store/derived.ts';
import { closeGuide, recordTask, useGuide, useGuideStep, watchForTasks } from '../../store/guide.ts';
import { keyNameOf } from '../../store/keys.ts';
import { hasShownRun, useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';
import './guide.css';

export function Guide() {
  const step = useGuideStep();
  useEffect(watchForTasks, []);
  return step === undefined ? null : <GuideCard step={step} />;
}

function GuideCard({ step }: { readonly step: GuideStep }) {
  const words = useWords(step);
  const card = useRef<HTMLElement>(null);
  const asked = useGuide((state) => state.asked);
  useMarked(step);
  useEffect(() => {
    if (asked > 0) card.current?.focus();
  }, [asked]);
  if (words === undefined) return null;
  const number = stepNumber(step);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    closeGuide();
  }

  return (
    <section ref={card} className="guide" aria-label="Guide" tabIndex={-1} onKeyDown={onKeyDown}>
      <div aria-live="polite" aria-atomic>
        <h2>{number === undefined ? 'Where to go next' : `Step ${number} of ${STEP_COUNT}`}</h2>
        <p>{words.pieces.map(Piece)}</p>
      </div>
      <div className="guide-buttons">
        {words.next === undefined ? null : (
          <Button
            onClick={() => {
              goOn(step);
            }}
          >
            {words.next}
          </Button>
        )}
        {step === 'farewell' ? null : (
          <Button look="plain" title="F1 shows it again (Help, Show the guide)" onClick={closeGuide}>
            Skip the guide
          </Button>
        )}
      </div>
    </section>
  );
}

function goOn(step: GuideStep): void {
  if (step === 'farewell') closeGuide();
  else if (step !== 'run') recordTask(step satisfies GuideTask);
}

function Piece(piece: GuidePiece, index: number) {
  if (typeof piece === 'string') return piece;
  return 'key' in piece ? <kbd key={index}>{piece.key}</kbd> : <strong key={index}>{piece.name}</strong>;
}

function useWords(step: GuideStep): GuideWords | undefined {
  const input = useRun((state) => state.input);
  const resultName = useRun((state) => (hasShownRun(state) ? state.result?.name : undefined));
  const landmarks = useLandmarks();
  const { linesSent } = useCounts();
  const settled = useShownPhase() === 'settled';
  const transform = useTransform();
  if (input === undefined) return undefined;
  return guideWords(step, {
    input,
    ends: endsAt(landmarks, Infinity),
    linesSent,
    settled,
    ...(resultName === undefined ? {} : { resultName }),
    transform,
    saveKey: keyNameOf('save-result'),
  });
}

/** Sets on the document's root what the step refers to. */
function useMarked(step: GuideStep): void {
  const line = guideLine(useCounts().linesSent);
  useEffect(() => {
    const { dataset } = document.documentElement;
    dataset.guide = step === 'line' ? `line-${line}` : step;
    return () => {
      delete dataset.guide;
    };
  }, [step, line]);
}

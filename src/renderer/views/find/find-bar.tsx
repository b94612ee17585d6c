// Find and go to: one slim field over the picture's head. What does not match is dimmed and stays where it is.

import { ChevronDown, ChevronUp, Search, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useEffect, useRef } from 'react';
import { MAX_QUERY_CHARACTERS } from '../../../shared/find/query.ts';
import { FIND_HELP, hitsSentence } from '../../scene/find-words.ts';
import { closeFind, followFind, goToHit, setWords, useFind } from '../../store/find.ts';
import { useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';
import './find.css';

export function FindBar() {
  const open = useFind((state) => state.open);
  useEffect(followFind, []);
  return open ? <OpenBar /> : null;
}

function OpenBar() {
  const words = useFind((state) => state.words);
  const hasHits = useFind((state) => state.answer !== undefined && state.answer.hits > 0);
  const isWrong = useFind((state) => state.wrong !== undefined);
  const input = useFocusedField();
  useEscape();

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void goToHit(event.shiftKey ? -1 : 1);
  }

  return (
    <search className="find-bar" aria-label="Find">
      <div className="find-row">
        <Search size={16} aria-hidden />
        <input
          ref={input}
          type="text"
          aria-label="Find in the run"
          aria-describedby="find-help"
          aria-invalid={isWrong}
          placeholder="text, line 12, #120, error, took > 1 ms"
          autoComplete="off"
          spellCheck={false}
          maxLength={MAX_QUERY_CHARACTERS}
          value={words}
          onChange={(event) => {
            setWords(event.target.value);
          }}
          onKeyDown={onKeyDown}
        />
        <Hits />
        <Button icon={ChevronUp} iconOnly look="plain" disabled={!hasHits} onClick={() => void goToHit(-1)}>
          Previous hit
        </Button>
        <Button icon={ChevronDown} iconOnly look="plain" disabled={!hasHits} onClick={() => void goToHit(1)}>
          Next hit
        </Button>
        <Button icon={X} iconOnly look="plain" onClick={closeFind}>
          Close
        </Button>
      </div>
      <Help />
    </search>
  );
}

/** The field, which has the focus whenever it is asked for; what had it before gets it back when the field is gone. */
function useFocusedField(): React.RefObject<HTMLInputElement | null> {
  const input = useRef<HTMLInputElement>(null);
  const asked = useFind((state) => state.asked);
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  useEffect(() => {
    const field = input.current;
    if (field === null) return;
    field.focus();
    // What is half a query ("line ") is gone on with, anything else is replaced.
    if (field.value.endsWith(' ')) field.setSelectionRange(field.value.length, field.value.length);
    else field.select();
  }, [asked]);
  return input;
}

/** Escape closes the field wherever the focus is, unless something else has used it. */
function useEscape(): void {
  useEffect(() => {
    function onKeyDown(event: globalThis.KeyboardEvent): void {
      const { dialog } = useRun.getState();
      if (event.key !== 'Escape' || event.defaultPrevented || dialog !== undefined) return;
      event.preventDefault();
      closeFind();
    }
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}

function Hits() {
  const answer = useFind((state) => state.answer);
  const wentAround = useFind((state) => state.wentAround);
  const from =
    wentAround === undefined ? '' : wentAround === 'to the start' ? 'from the start: ' : 'from the end: ';
  return (
    <span className="find-hits" role="status" aria-label="Hits">
      {answer === undefined ? '' : `${from}${hitsSentence(answer)}`}
    </span>
  );
}

/** What is wrong with the words, or, while there are none, what can be asked. */
function Help() {
  const wrong = useFind((state) => state.wrong);
  const isBlank = useFind((state) => state.words.trim() === '');
  const isNothing = useFind((state) => state.answer?.done === true && state.answer.hits === 0);
  if (wrong === undefined && !isBlank && !isNothing) return null;
  return (
    <p id="find-help" className={wrong === undefined ? 'find-help' : 'find-help wrong'} role="status">
      {wrong ?? FIND_HELP}
    </p>
  );
}

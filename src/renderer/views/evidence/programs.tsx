// The client's and the server's programs beside the picture, with the call at the cursor lit.

import { useState } from 'react';
import type { Side } from '../../../shared/trace/fact.ts';
import type { Language, ProgramLine } from '../../experiments/example-programs.ts';
import { litLines, programOf } from '../../experiments/example-programs.ts';
import type { Round } from '../../scene/rounds.ts';
import { useInFlight, useOpenToNetwork, useTakenBy, useTransform } from '../../store/choices.ts';
import { useRound, useRoundFacts } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { useRun } from '../../store/run.ts';

const LANGUAGES: readonly Language[] = ['Python', 'Node'];
const SIDES: readonly Side[] = ['client', 'server'];

export function ProgramsCard() {
  const [language, setLanguage] = useState<Language>('Python');
  const experiment = useRun((state) => state.chosen);
  const facts = useRoundFacts();
  const seq = usePlayer((state) => Math.floor(state.cursor));
  const openToNetwork = useOpenToNetwork();
  const choices = {
    transform: useTransform(),
    takenBy: useTakenBy(),
    inFlight: useInFlight(),
    openToNetwork,
    ...useExchange(),
  };
  const programs = {
    client: programOf(experiment, 'client', language, choices),
    server: programOf(experiment, 'server', language, choices),
  };
  const lit = litLines(facts, seq, programs);
  return (
    <section className="card" aria-label="Programs">
      <div className="card-head">
        <h3>The programs</h3>
        <div className="languages" role="radiogroup" aria-label="Language of the programs">
          {LANGUAGES.map((name) => (
            <label key={name}>
              <input
                type="radio"
                name="language"
                checked={name === language}
                onChange={() => {
                  setLanguage(name);
                }}
              />
              {name}
            </label>
          ))}
        </div>
      </div>
      {SIDES.map((side) => (
        <Program key={side} side={side} lines={programs[side]} lit={lit[side]} active={lit.at === side} />
      ))}
    </section>
  );
}

interface ProgramProps {
  readonly side: Side;
  readonly lines: readonly ProgramLine[];
  readonly lit: number;
  /** The fact at the cursor is this side's. */
  readonly active: boolean;
}

/** Of `boundaries`: what the exchange at the cursor is of, or what the settings choose before there is one. */
function useExchange(): Pick<Round, 'framing' | 'handOver'> {
  const { framing, handOver } = useRound() ?? {};
  const chosen = useRun((state) => state.settings?.handOver);
  const way = handOver ?? chosen;
  return { ...(framing === undefined ? {} : { framing }), ...(way === undefined ? {} : { handOver: way }) };
}

function Program({ side, lines, lit, active }: ProgramProps) {
  return (
    <div className={`program of-${side}`} role="group" aria-label={`The ${side}'s program`} tabIndex={0}>
      {lines.map((line, index) => (
        <div
          key={index}
          className={
            index === lit ? (active ? 'program-line lit active' : 'program-line lit') : 'program-line'
          }
          aria-current={index === lit && active ? 'step' : undefined}
        >
          {line.text}
        </div>
      ))}
    </div>
  );
}

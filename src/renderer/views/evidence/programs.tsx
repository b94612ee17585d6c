// The programs beside the picture, with the call at the cursor lit, and ways to take them along.

import { FolderDown } from 'lucide-react';
import { useMemo } from 'react';
import { LANGUAGES } from '../../../shared/experiments/programs/program.ts';
import type { ProgramOptions } from '../../../shared/experiments/programs/program.ts';
import { differencesOf, programsOf } from '../../../shared/experiments/programs/programs.ts';
import { litLines } from '../../experiments/lit-lines.ts';
import { copyProgram, savePrograms } from '../../store/actions.ts';
import { useLanguage, useProgramOptions } from '../../store/choices.ts';
import { useRoundFacts } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { changeSettings, useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';
import { Listing } from './listing.tsx';

export function ProgramsCard() {
  const experiment = useRun((state) => state.chosen);
  const language = useLanguage();
  const options = useProgramOptions();
  return (
    <section className="card" aria-label="Programs">
      <div className="card-head">
        <h3>The programs</h3>
        <div className="program-choices">
          <Languages />
          {options === undefined ? null : (
            <Button icon={FolderDown} onClick={() => void savePrograms({ experiment, language, options })}>
              Copy as files
            </Button>
          )}
        </div>
      </div>
      {options === undefined ? null : <Programs options={options} />}
    </section>
  );
}

function Languages() {
  const language = useLanguage();
  return (
    <div className="languages" role="radiogroup" aria-label="Language of the programs">
      {LANGUAGES.map((name) => (
        <label key={name}>
          <input
            type="radio"
            name="language"
            checked={name === language}
            onChange={() => void changeSettings({ language: name })}
          />
          {name}
        </label>
      ))}
    </div>
  );
}

function Programs({ options }: { readonly options: ProgramOptions }) {
  const experiment = useRun((state) => state.chosen);
  const language = useLanguage();
  const facts = useRoundFacts();
  const seq = usePlayer((state) => Math.floor(state.cursor));
  const programs = useMemo(() => programsOf(experiment, language, options), [experiment, language, options]);
  const lit = useMemo(() => litLines(facts, seq, programs), [facts, seq, programs]);
  const request = { experiment, language, options };
  return (
    <>
      <div className="listings">
        {programs.map((program, index) => (
          <Listing
            key={program.file}
            program={program}
            index={index}
            lit={lit}
            onCopy={() => void copyProgram(request, program.file)}
          />
        ))}
      </div>
      {differencesOf(experiment, language, options).map((difference) => (
        <p key={difference} className="difference dim">
          {difference}
        </p>
      ))}
    </>
  );
}

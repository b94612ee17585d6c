// The names of the built-in sample and of the result. What no file can be called is said below the field.

import { fileNameProblem } from '../../../shared/file-name.ts';
import type { Settings } from '../../../shared/ipc.ts';
import { changeSettings, useRun } from '../../store/run.ts';
import { TypedField, type Judgement } from '../../ui/typed-field.tsx';

function judgeName(typed: string, says: string): Judgement {
  const problem = fileNameProblem(typed);
  return problem === undefined ? { fits: true, says } : { fits: false, says: problem.message };
}

export function InputNameOption({ settings }: { readonly settings: Settings }) {
  return (
    <TypedField
      name="Name of the sample"
      type="text"
      value={settings.inputName}
      judge={(typed) => judgeName(typed, 'The built-in sample’s; a file of yours keeps its own.')}
      onTake={(inputName) => void changeSettings({ inputName })}
    />
  );
}

export function OutputNameOption({ settings }: { readonly settings: Settings }) {
  const inputName = useRun((state) => state.input?.name);
  return (
    <TypedField
      name="Name of the result"
      type="text"
      value={settings.outputName}
      judge={(typed) => {
        if (typed === '') {
          return { fits: true, says: 'Empty: made from the input’s name, as out-proj.txt from in-proj.txt.' };
        }
        return judgeName(
          typed,
          typed === inputName
            ? 'As the input is called: it cannot be saved over it, only in another folder.'
            : 'Of the next run’s result, when it is saved.',
        );
      }}
      onTake={(outputName) => void changeSettings({ outputName })}
    />
  );
}

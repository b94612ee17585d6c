// The names of the built-in sample and of the result. A name that no file can have is reported below the field.

import { fileNameProblem } from '../../../shared/file-name.ts';
import type { Settings } from '../../../shared/ipc.ts';
import { changeSettings, useRun } from '../../store/run.ts';
import { TypedField, type Validation } from '../../ui/typed-field.tsx';

function validateName(typed: string, says: string): Validation {
  const problem = fileNameProblem(typed);
  return problem === undefined ? { fits: true, says } : { fits: false, says: problem.message };
}

export function InputNameOption({ settings }: { readonly settings: Settings }) {
  return (
    <TypedField
      name="Name of the sample"
      type="text"
      value={settings.inputName}
      validate={(typed) => validateName(typed, 'The built-in sample’s; a file of yours keeps its own.')}
      onAccept={(inputName) => void changeSettings({ inputName })}
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
      validate={(typed) => {
        if (typed === '') {
          return { fits: true, says: 'Empty: made from the input’s name, as out-proj.txt from in-proj.txt.' };
        }
        return validateName(
          typed,
          typed === inputName
            ? 'As the input is called: it cannot be saved over it, only in another folder.'
            : 'Of the next run’s result, when it is saved.',
        );
      }}
      onAccept={(outputName) => void changeSettings({ outputName })}
    />
  );
}

// The settings of the first start.

import { OPTIONS } from '../../shared/experiments/definitions.ts';
import { defaultsOf } from '../../shared/experiments/options.ts';
import { DEFAULT_PANELS } from '../../shared/panels.ts';
import type { Settings } from '../../shared/ipc.ts';

export const SETTINGS: Settings = {
  ...defaultsOf(OPTIONS),
  theme: 'system',
  inputName: 'in-proj.txt',
  outputName: '',
  openToNetwork: false,
  language: 'Python',
  guideDone: true,
  panels: DEFAULT_PANELS,
};

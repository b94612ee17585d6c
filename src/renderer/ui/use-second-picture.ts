// Puts off what the first picture of the window does without: a person can press Run one picture sooner.

import { useDeferredValue } from 'react';

/** False while the component is drawn for the first time, and true right behind it. */
export function useSecondPicture(): boolean {
  return useDeferredValue(true, false);
}

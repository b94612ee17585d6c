import { useSyncExternalStore } from 'react';

/** Whether the window matches the media query, kept up to date. */
export function useMedia(query: MediaQueryList): boolean {
  return useSyncExternalStore(
    (changed) => {
      query.addEventListener('change', changed);
      return () => {
        query.removeEventListener('change', changed);
      };
    },
    () => query.matches,
  );
}

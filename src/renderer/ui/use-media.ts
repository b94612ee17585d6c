import { useSyncExternalStore } from 'react';

/** There is room for the evidence beside the tables; where there is not, it is a tab among them. */
export const wide = window.matchMedia('(width >= 1180px)');
/** The window is one column that scrolls (app.css): nothing is divided, and the wheel belongs to it. */
export const onePage = window.matchMedia('(width < 800px) or (height < 520px)');

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

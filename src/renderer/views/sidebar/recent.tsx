// The files that were opened last, and the runs that were saved: one click opens them again.

import { printable } from '../../../shared/trace/transcript.ts';
import { useRun } from '../../store/run.ts';
import { clearRecent, openRecent } from '../../store/actions.ts';

/** More are in the menu. */
const MAX_SHOWN = 3;

export function Recent() {
  const recent = useRun((state) => state.recent);
  if (recent.length === 0) return null;
  return (
    <section aria-labelledby="recent">
      <h2 id="recent">Recent</h2>
      {recent.slice(0, MAX_SHOWN).map(({ id, name, folder, kind }) => (
        <button
          key={id}
          type="button"
          className="experiment recent"
          title={printable(`${folder}: ${name}`)}
          onClick={() => void openRecent(id)}
        >
          <bdi className="name">{printable(name)}</bdi>
          <span>{kind === 'run' ? 'run' : 'file'}</span>
        </button>
      ))}
      <button type="button" className="clear" onClick={() => void clearRecent()}>
        Clear this list
      </button>
    </section>
  );
}

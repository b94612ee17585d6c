// The run in the course's own words, up to the cursor. Virtualised, as the lines table is.

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { linesUntil } from '../../scene/transcript-lines.ts';
import { useTranscript } from '../../store/derived.ts';
import { usePlayer } from '../../store/cursor.ts';
import { ROW_KEYS } from '../../ui/arrow-keys.ts';

export function Transcript() {
  const lines = useTranscript();
  const seq = usePlayer((state) => Math.floor(state.cursor));
  const scroller = useRef<HTMLDivElement>(null);
  const count = linesUntil(lines, seq);
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler is not used; rows are few and cheap
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => 24,
    overscan: 10,
  });
  useEffect(() => {
    if (count > 0) virtual.scrollToIndex(count - 1, { align: 'end' });
  }, [count, virtual]);
  return (
    <div
      className="transcript"
      data-text="transcript"
      ref={scroller}
      role="log"
      tabIndex={0}
      aria-label="Transcript"
      aria-live="off"
      data-own-keys={ROW_KEYS}
    >
      {count === 0 ? (
        <p className="dim">The run appears here in the report&apos;s own words as it plays.</p>
      ) : (
        <div className="transcript-sizer" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => (
            <div
              key={item.index}
              data-index={item.index}
              ref={virtual.measureElement}
              className="transcript-line"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {lines[item.index]?.text}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

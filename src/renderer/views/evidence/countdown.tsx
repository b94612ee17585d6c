// How much longer a TIME_WAIT holds the port: as the kernel reported it, or counted down from that by the computer's clock.
// A counted value is inferred, so it is dashed and says what it is computed from.

import { useEffect, useState } from 'react';
import type { Diagnosis } from '../../scene/port-doctor.ts';
import { freeAtMs, secondsUntil } from '../../scene/port-doctor.ts';

function clockTime(atMs: number): string {
  return new Date(atMs).toLocaleTimeString('en-GB');
}

/** The kernel's timer when its table was read. */
export function TimeLeft({ diagnosis }: { readonly diagnosis: Diagnosis }) {
  const { holder, examinedAtMs } = diagnosis;
  const left = holder.what === 'time-wait' ? holder.secondsLeft : undefined;
  if (left === undefined) return <p className="dim">For how long still, this system does not tell.</p>;
  return (
    <div className="countdown">
      <b className="mono">{left} s</b>
      <span className="dim">left by the kernel’s timer at {clockTime(examinedAtMs)}</span>
    </div>
  );
}

/** Counts down from there to now. Mounted anew for each reading of the table. */
export function Countdown({ diagnosis }: { readonly diagnosis: Diagnosis }) {
  const atMs = freeAtMs(diagnosis);
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (atMs === undefined) return undefined;
    const leftMs = atMs - nowMs;
    if (leftMs <= 0) return undefined;
    // The number changes when a whole second is reached.
    const timer = setTimeout(
      () => {
        setNowMs(Date.now());
      },
      leftMs - (Math.ceil(leftMs / 1_000) - 1) * 1_000,
    );
    return () => {
      clearTimeout(timer);
    };
  }, [atMs, nowMs]);
  if (atMs === undefined) return <TimeLeft diagnosis={diagnosis} />;
  const seconds = secondsUntil(atMs, nowMs);
  return (
    <div className="countdown computed" role="timer" aria-label="Until the port is free">
      <b className="mono">{seconds === 0 ? 'free now' : `${seconds} s`}</b>
      <span className="dim">computed from the kernel’s timer at {clockTime(diagnosis.examinedAtMs)}</span>
    </div>
  );
}

// Options that are whole numbers. What does not fit is said below the field and changes nothing.

import { useId, useState } from 'react';
import type { Settings } from '../../../shared/ipc.ts';
import { formatBytes } from '../../scene/units.ts';
import { changeSettings } from '../../store/run.ts';

/** The longest line that may be asked for: JSON escapes can make it six times as long, and strings end at 512 MiB. */
const MOST_LINE_BYTES = 64 * 1024 * 1024;

interface NumberOptionProps {
  readonly name: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly hint: (value: number) => string;
  readonly onChange: (value: number) => void;
}

function NumberOption({ name, value, least, most, hint, onChange }: NumberOptionProps) {
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? String(value);
  const number = /^\d{1,9}$/.test(shown) ? Number(shown) : NaN;
  const fits = number >= least && number <= most;
  return (
    <div className="option">
      <label htmlFor={id}>{name}</label>
      <input
        id={id}
        type="number"
        inputMode="numeric"
        min={least}
        max={most}
        value={shown}
        aria-invalid={!fits}
        aria-describedby={`${id}-hint`}
        onChange={(event) => {
          const next = event.target.value;
          setTyped(next);
          const nextNumber = /^\d{1,9}$/.test(next) ? Number(next) : NaN;
          if (nextNumber >= least && nextNumber <= most) onChange(nextNumber);
        }}
        onBlur={() => {
          setTyped(undefined);
        }}
      />
      <span id={`${id}-hint`} className={fits ? 'hint' : 'wrong'}>
        {fits ? hint(number) : `A whole number from ${least} to ${most}.`}
      </span>
    </div>
  );
}

export function PortOption({ settings }: { readonly settings: Settings }) {
  return (
    <NumberOption
      name="Port"
      value={settings.port}
      least={0}
      most={65_535}
      hint={(port) =>
        port === 0 ? 'Any free port: the kernel picks one.' : 'The server listens here, on 127.0.0.1.'
      }
      onChange={(port) => void changeSettings({ port })}
    />
  );
}

export function LongestLineOption({ settings }: { readonly settings: Settings }) {
  return (
    <NumberOption
      name="Longest line (bytes)"
      value={settings.maxLineBytes}
      least={1}
      most={MOST_LINE_BYTES}
      hint={(bytes) => `${formatBytes(bytes)}. A longer line ends the run; what came back is kept.`}
      onChange={(maxLineBytes) => void changeSettings({ maxLineBytes })}
    />
  );
}

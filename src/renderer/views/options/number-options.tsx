// Options that are whole numbers. What does not fit is said below the field and changes nothing.

import type { Settings } from '../../../shared/ipc.ts';
import { formatBytes } from '../../../shared/format.ts';
import { changeSettings } from '../../store/run.ts';
import { TypedField } from '../../ui/typed-field.tsx';

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

/** NaN for what is no whole number of at most nine digits. */
function readNumber(typed: string): number {
  return /^\d{1,9}$/.test(typed) ? Number(typed) : NaN;
}

export function NumberOption({ name, value, least, most, hint, onChange }: NumberOptionProps) {
  return (
    <TypedField
      name={name}
      type="number"
      inputMode="numeric"
      min={least}
      max={most}
      value={String(value)}
      judge={(typed) => {
        const number = readNumber(typed);
        const fits = number >= least && number <= most;
        return { fits, says: fits ? hint(number) : `A whole number from ${least} to ${most}.` };
      }}
      onTake={(typed) => {
        onChange(readNumber(typed));
      }}
    />
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

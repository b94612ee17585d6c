// All settings on one screen, whichever experiment is shown. The fields are those of the sidebar: each validates what is
// typed, and a valid value holds at once.

import { RotateCcw, Undo2 } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode, type Ref } from 'react';
import { optionsIn } from '../../../shared/experiments/definitions.ts';
import type { OptionGroup } from '../../../shared/experiments/options.ts';
import type { Settings } from '../../../shared/ipc.ts';
import { changeSettings, resetSettings, showDialog, useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { OptionField } from '../options/option-field.tsx';
import { InputNameOption, OutputNameOption } from '../options/name-options.tsx';
import { LookOption } from './look-option.tsx';
import { NetworkOption } from './network-option.tsx';
import './settings-dialog.css';

export function SettingsDialog() {
  const open = useRun((state) => state.dialog === 'settings');
  const settings = useRun((state) => state.settings);
  const at = useRun((state) => state.settingsAt);
  const network = useRef<HTMLFieldSetElement>(null);
  // The dialog is open by then: effects of children run first.
  useEffect(() => {
    if (open && at === 'network') network.current?.querySelector('input')?.focus();
  }, [open, at]);
  return (
    <Dialog
      title="Settings"
      open={open}
      wide
      onClose={() => {
        showDialog(undefined);
      }}
    >
      {settings === undefined ? null : (
        <>
          <AllOptions settings={settings} network={network} />
          <Reset settings={settings} />
        </>
      )}
    </Dialog>
  );
}

interface AllOptionsProps {
  readonly settings: Settings;
  readonly network: Ref<HTMLFieldSetElement>;
}

function AllOptions({ settings, network }: AllOptionsProps) {
  return (
    <div className="settings-groups">
      <Options group="Server" settings={settings} />
      <Group name="Network" place={network}>
        <NetworkOption settings={settings} />
      </Group>
      <Group name="Look">
        <LookOption settings={settings} />
      </Group>
      <Options group="Lines" settings={settings} />
      <Options group="Files and texts" settings={settings}>
        <InputNameOption settings={settings} />
        <OutputNameOption settings={settings} />
      </Options>
      <Options group="Refused and in use" settings={settings} />
      <Options group="Race" settings={settings} />
      <Options group="Lost boundaries" settings={settings} />
      <Options group="Ephemeral ports" settings={settings} />
    </div>
  );
}

interface OptionsProps {
  readonly group: OptionGroup;
  readonly settings: Settings;
  /** What stands above them. */
  readonly children?: ReactNode;
}

/** The options of the experiments that belong together. */
function Options({ group, settings, children }: OptionsProps) {
  return (
    <Group name={group}>
      {children}
      {optionsIn(group).map((name) => (
        <OptionField key={name} name={name} settings={settings} />
      ))}
    </Group>
  );
}

interface GroupProps {
  readonly name: string;
  readonly place?: Ref<HTMLFieldSetElement>;
  readonly children: ReactNode;
}

function Group({ name, place, children }: GroupProps) {
  return (
    <fieldset className="settings-group" ref={place ?? null}>
      <legend>{name}</legend>
      {children}
    </fieldset>
  );
}

/** Asks no question first, and can be undone right after. */
function Reset({ settings }: { readonly settings: Settings }) {
  const [done, setDone] = useState<Awaited<ReturnType<typeof resetSettings>>>();
  // A setting changed since the reset is what the person wants: an undo would lose it.
  const before = done?.now === settings ? done.before : undefined;
  const [leftClosed, setLeftClosed] = useState(false);
  return (
    <div className="settings-foot">
      <p role="status" aria-label="Reset" className="dim">
        {before !== undefined
          ? 'Everything is as it was at the first start.'
          : leftClosed && !settings.openToNetwork
            ? 'Undone. The network stays closed: it can be opened above.'
            : ''}
      </p>
      {before === undefined ? null : (
        <Button
          icon={Undo2}
          onClick={() => {
            setDone(undefined);
            // Nothing is opened to the network by an undo: that is asked about.
            setLeftClosed(before.openToNetwork);
            void changeSettings({ ...before, openToNetwork: false });
          }}
        >
          Undo
        </Button>
      )}
      <Button
        icon={RotateCcw}
        onClick={() => {
          setLeftClosed(false);
          void resetSettings().then(setDone);
        }}
      >
        Reset everything
      </Button>
    </div>
  );
}

// All settings on one screen, whichever experiment is shown. Each field is the sidebar's own and judges what is typed; what
// fits holds at once.

import { RotateCcw, Undo2 } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode, type Ref } from 'react';
import type { Settings } from '../../../shared/ipc.ts';
import { changeSettings, resetSettings, showDialog, useRun } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { HandOverOption, ReadWhenOption } from '../options/boundary-options.tsx';
import { InputNameOption, OutputNameOption } from '../options/name-options.tsx';
import { LongestLineOption, PortOption } from '../options/number-options.tsx';
import { ReverseByChoice } from '../options/reverse-by-option.tsx';
import { PauseOption, RoundsOption, RunsOption } from '../options/round-options.tsx';
import { StartOption } from '../options/start-option.tsx';
import { TakenByOption } from '../options/taken-by-option.tsx';
import { GreetingOption, TextOption } from '../options/text-options.tsx';
import { TransformOption } from '../options/transform-option.tsx';
import { LookOption } from './look-option.tsx';
import { NetworkOption } from './network-option.tsx';
import './settings-dialog.css';

export function SettingsDialog() {
  const open = useRun((state) => state.dialog === 'settings');
  const settings = useRun((state) => state.settings);
  const at = useRun((state) => state.settingsAt);
  const network = useRef<HTMLFieldSetElement>(null);
  // The dialog is open by then: an effect of what is inside comes first.
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
      <Group name="Server">
        <PortOption settings={settings} />
        <GreetingOption settings={settings} entersRun={false} />
      </Group>
      <Group name="Network" place={network}>
        <NetworkOption settings={settings} />
      </Group>
      <Group name="Look">
        <LookOption settings={settings} />
      </Group>
      <Group name="Lines">
        <TransformOption settings={settings} />
        <ReverseByChoice settings={settings} />
        <LongestLineOption settings={settings} />
      </Group>
      <Group name="Files and texts">
        <InputNameOption settings={settings} />
        <OutputNameOption settings={settings} />
        <TextOption settings={settings} entersRun={false} />
      </Group>
      <Group name="Refused and in use">
        <StartOption settings={settings} />
        <TakenByOption settings={settings} />
      </Group>
      <Group name="Race">
        <RoundsOption settings={settings} />
        <PauseOption settings={settings} />
      </Group>
      <Group name="Lost boundaries">
        <HandOverOption settings={settings} />
        <ReadWhenOption settings={settings} />
      </Group>
      <Group name="Ephemeral ports">
        <RunsOption settings={settings} />
      </Group>
    </div>
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

/** Asks for nothing before, and can be undone right after. */
function Reset({ settings }: { readonly settings: Settings }) {
  const [done, setDone] = useState<Awaited<ReturnType<typeof resetSettings>>>();
  // Whoever has changed something since wants that, and not what was before the reset.
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

// Whether other machines may connect: off until somebody turns it on on purpose, and asked about each time. While it is on,
// views/header/network-warning.tsx says so.

import { useEffect, useId, useState } from 'react';
import type { Settings } from '../../../shared/ipc.ts';
import { printable } from '../../../shared/transcript.ts';
import { bridge } from '../../store/bridge.ts';
import { changeSettings } from '../../store/run.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

export function NetworkOption({ settings }: { readonly settings: Settings }) {
  const hint = useId();
  const [asking, setAsking] = useState(false);
  return (
    <div className="option">
      <div className="choices">
        <label className="choice hinted">
          <input
            type="checkbox"
            aria-label="Open to the network"
            aria-describedby={hint}
            checked={settings.openToNetwork}
            onChange={() => {
              if (settings.openToNetwork) void changeSettings({ openToNetwork: false });
              else setAsking(true);
            }}
          />
          <span>
            Open to the network
            <span className="hint" id={hint}>
              {settings.openToNetwork
                ? 'Other machines can connect to the servers of Welcome, Reverse a string and Reverse a file.'
                : 'Only programs on this computer can connect. Turned on, other machines can connect to the servers of Welcome, Reverse a string and Reverse a file.'}
            </span>
          </span>
        </label>
      </div>
      <Dialog
        title="Open to the network?"
        open={asking}
        onClose={() => {
          setAsking(false);
        }}
      >
        <Question
          port={settings.port}
          onAnswer={(openToNetwork) => {
            setAsking(false);
            if (openToNetwork) void changeSettings({ openToNetwork });
          }}
        />
      </Dialog>
    </div>
  );
}

interface QuestionProps {
  readonly port: number;
  readonly onAnswer: (open: boolean) => void;
}

/** What becomes reachable, where, and by whom. */
function Question({ port, onAnswer }: QuestionProps) {
  const [addresses, setAddresses] = useState<readonly string[]>();
  useEffect(() => {
    let wanted = true;
    void bridge.call('network:addresses').then((found) => {
      if (wanted) setAddresses(found);
    });
    return () => {
      wanted = false;
    };
  }, []);
  return (
    <div className="network-question">
      <p>
        From the next run on, the servers of Welcome, Reverse a string and Reverse a file listen on every
        address of this computer (0.0.0.0). While such a run goes on, whoever reaches this computer can
        connect, without a password.
      </p>
      {addresses === undefined ? null : <Places addresses={addresses} port={port} />}
      <p>
        They can send lines and get them back, and what they send is recorded with the run. They reach no file
        of yours. It stays on, at the next start too, until you turn it off.
      </p>
      <div className="network-answers">
        <Button
          onClick={() => {
            onAnswer(false);
          }}
        >
          Keep it closed
        </Button>
        <Button
          look="primary"
          onClick={() => {
            onAnswer(true);
          }}
        >
          Open to the network
        </Button>
      </div>
    </div>
  );
}

function Places({ addresses, port }: { readonly addresses: readonly string[]; readonly port: number }) {
  if (addresses.length === 0) {
    return <p>This computer has no address in a network now. It can be reached as soon as it has one.</p>;
  }
  return (
    <>
      <p>{port === 0 ? 'On a free port, at:' : 'At:'}</p>
      <ul className="mono" aria-label="Where it can be reached">
        {addresses.map((address) => (
          <li key={address}>{printable(port === 0 ? address : `${address}:${port}`)}</li>
        ))}
      </ul>
    </>
  );
}

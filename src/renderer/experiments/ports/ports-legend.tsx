// Above the plot of ports: how many are even and how many odd, the run in question in words, and what is remembered.

import { Eraser } from 'lucide-react';
import { formatCount } from '../../../shared/format.ts';
import { forgetPorts } from '../../store/actions.ts';
import { Button } from '../../ui/button.tsx';
import { ParitySign } from './port-marks.tsx';

interface PortsLegendProps {
  readonly parity: { readonly even: number; readonly odd: number };
  /** Runs that are remembered from before. */
  readonly earlier: number;
  readonly readout: string;
}

export function PortsLegend({ parity, earlier, readout }: PortsLegendProps) {
  return (
    <div className="ports-legend">
      <span className="parities" role="group" aria-label="Even and odd">
        <span>
          <ParitySign even />
          <b>{formatCount(parity.even)}</b> even,
        </span>
        <span>
          <ParitySign even={false} />
          <b>{formatCount(parity.odd)}</b> odd
        </span>
      </span>
      <span className="readout" role="status" aria-label="Run">
        {readout}
      </span>
      {earlier === 0 ? null : (
        <Button icon={Eraser} onClick={() => void forgetPorts()}>
          Forget earlier runs
        </Button>
      )}
    </div>
  );
}

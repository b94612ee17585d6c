// The evidence for the picture: the ports and what chose them, and the selected fact with its bytes.

import { useFirstPaint } from '../../ui/first-paint.ts';
import './evidence.css';
import { PortDoctor } from './port-doctor.tsx';
import { Ports } from './ports.tsx';
import { ProgramsCard } from './programs.tsx';
import { SelectedFact } from './selected-fact.tsx';

export function Evidence() {
  const painted = useFirstPaint();
  return (
    <div className="evidence">
      <PortDoctor />
      <Ports />
      {painted ? (
        <>
          <ProgramsCard />
          <SelectedFact />
        </>
      ) : null}
    </div>
  );
}

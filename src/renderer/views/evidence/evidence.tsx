// What the picture rests on: the ports and who chose them, and the fact selected with its bytes.

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

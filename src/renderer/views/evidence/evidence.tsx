// What the picture rests on: the ports and who chose them, and the fact selected with its bytes.

import './evidence.css';
import { PortDoctor } from './port-doctor.tsx';
import { Ports } from './ports.tsx';
import { ProgramsCard } from './programs.tsx';
import { SelectedFact } from './selected-fact.tsx';

export function Evidence() {
  return (
    <div className="evidence">
      <PortDoctor />
      <Ports />
      <ProgramsCard />
      <SelectedFact />
    </div>
  );
}

// The whole window is the drop target: it lights up as soon as a file is over it and says what will happen.

import { useEffect, useState } from 'react';
import { openDropped } from '../../store/actions.ts';
import { useRun } from '../../store/run.ts';
import './drop-overlay.css';

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

export function DropOverlay() {
  const [files, setFiles] = useState(0);
  const toThree = useRun((state) => state.chosen === 'boundaries');
  useEffect(() => {
    // Entered and not left: a drag goes from element to element, into the next one before it leaves the last.
    let inside = 0;
    function onDragEnter(event: DragEvent): void {
      inside += 1;
      onDragOver(event);
    }
    function onDragOver(event: DragEvent): void {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
      setFiles(Math.max(1, event.dataTransfer?.items.length ?? 1));
    }
    function onDragLeave(): void {
      inside = Math.max(0, inside - 1);
      if (inside === 0) setFiles(0);
    }
    function onDrop(event: DragEvent): void {
      inside = 0;
      setFiles(0);
      if (!carriesFiles(event)) return;
      event.preventDefault();
      void openDropped([...(event.dataTransfer?.files ?? [])]);
    }
    window.addEventListener('dragenter', onDragEnter);
    window.addEventListener('dragover', onDragOver);
    window.addEventListener('dragleave', onDragLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragenter', onDragEnter);
      window.removeEventListener('dragover', onDragOver);
      window.removeEventListener('dragleave', onDragLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, []);
  if (files === 0) return null;
  return (
    <div className="drop-overlay" role="status">
      <div>
        <strong>{files > 1 ? 'One file at a time' : 'Drop a file to run it'}</strong>
        <p className="dim">
          {files > 1
            ? `These are ${files}: drop one of them.`
            : `${toThree ? 'A text file of up to 4,096 bytes goes to all three servers.' : 'A text file is sent line by line and its lines come back.'} A saved run (.socketscope) is played again.`}
        </p>
      </div>
    </div>
  );
}

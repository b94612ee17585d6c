// Zoom, fit and the time axis, at the picture's edge.

import { Clock, Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { toggleFit, toggleTimeAxis, useScale, zoomIn, zoomOut } from '../../store/scale.ts';
import { Button } from '../../ui/button.tsx';

export function ScaleButtons() {
  const isFitted = useScale(({ zoom }) => zoom === 'fit');
  const isByTime = useScale(({ axis }) => axis === 'time');
  return (
    <div className="scale-buttons" role="group" aria-label="Scale of the picture">
      <Button icon={ZoomOut} look="plain" iconOnly title="Closer together (-)" onClick={zoomOut}>
        Zoom out
      </Button>
      <Button icon={ZoomIn} look="plain" iconOnly title="Wider apart (+)" onClick={zoomIn}>
        Zoom in
      </Button>
      <Button
        icon={Maximize2}
        look="plain"
        iconOnly
        title="All facts at once (F)"
        aria-pressed={isFitted}
        onClick={toggleFit}
      >
        Fit
      </Button>
      <Button
        icon={Clock}
        look="plain"
        iconOnly
        title="Heights to the scale of time (T)"
        aria-pressed={isByTime}
        onClick={toggleTimeAxis}
      >
        Time to scale
      </Button>
    </div>
  );
}

// The ladder at the heights at which it is drawn.

import { useEffect, useMemo } from 'react';
import type { Ladder } from '../../scene/ladder.ts';
import { drawLadder, fittingZoom, type DrawnLadder } from '../../scene/vertical.ts';
import { autoZoom, useScale } from '../../store/scale.ts';

export function useDrawn(
  ladder: Ladder,
  viewPx: number,
): { readonly ladder: DrawnLadder; readonly isFitted: boolean } {
  const axis = useScale((state) => state.axis);
  const wanted = useScale((state) => state.zoom);
  const isFitted = wanted === 'fit';
  const zoom = useMemo(
    () =>
      wanted === 'auto'
        ? autoZoom(viewPx)
        : wanted === 'fit'
          ? Math.min(autoZoom(viewPx), fittingZoom(ladder, axis, viewPx))
          : wanted,
    [ladder, axis, wanted, viewPx],
  );
  useEffect(() => {
    useScale.setState({ drawn: zoom });
  }, [zoom]);
  return { ladder: useMemo(() => drawLadder(ladder, axis, zoom), [ladder, axis, zoom]), isFitted };
}

// Two panels with a splitter between them. The side panel can be folded; the main one is always there.

import { Splitter } from '@ark-ui/react/splitter';
import { useRef, type ReactNode } from 'react';
import './split.css';
import { useElementSize } from './use-element-size.ts';

interface SplitProps {
  readonly orientation: 'horizontal' | 'vertical';
  /** The side panel comes before or behind the main one. */
  readonly sideAt: 'start' | 'end';
  readonly side: ReactNode;
  readonly main: ReactNode;
  /** Of the side panel, in percent of both or with a unit (`208px`). */
  readonly size: number | `${number}px`;
  readonly minSide: `${number}px`;
  readonly minMain: `${number}px`;
  readonly folded: boolean;
  /** The splitter's accessible name. */
  readonly label: string;
  /** The person has moved the splitter: the side's size in percent of both and in pixels. */
  readonly onResize: (size: { readonly percent: number; readonly px: number }) => void;
}

/** Less than anybody sees. */
const INVISIBLE_PERCENT = 1e-6;

/**
 * The size in percent of `whole` pixels. It differs with `whole`, though it may not be seen: the splitter keeps what the
 * least sizes left of a panel in a small window until it is given another size.
 */
function percentOf(size: number | `${number}px`, whole: number): number {
  const percent = typeof size === 'number' ? size : (Number.parseFloat(size) / Math.max(1, whole)) * 100;
  return Math.min(100, percent) + whole * INVISIBLE_PERCENT;
}

export function Split(props: SplitProps) {
  const { orientation, sideAt, side, main, size, minSide, minMain, folded, label, onResize } = props;
  const root = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(root);
  const sidePanel = { id: 'side', minSize: minSide };
  const mainPanel = { id: 'main', minSize: minMain };
  const inOrder = sideAt === 'start' ? [sidePanel, mainPanel] : [mainPanel, sidePanel];
  const percent = percentOf(size, orientation === 'horizontal' ? width : height);
  const sizes = sideAt === 'start' ? [percent, 100 - percent] : [100 - percent, percent];
  const shownSide = folded ? null : (
    <Splitter.Panel key="side" id="side" className="split-panel">
      {side}
    </Splitter.Panel>
  );
  const trigger = folded ? null : (
    <Splitter.ResizeTrigger
      key="trigger"
      id={sideAt === 'start' ? 'side:main' : 'main:side'}
      className="split-trigger"
      aria-label={label}
    />
  );
  return (
    <Splitter.Root
      ref={root}
      className="split"
      orientation={orientation}
      panels={folded ? [mainPanel] : inOrder}
      size={folded ? [100] : sizes}
      onResizeEnd={({ size: now }) => {
        const dragged = now[sideAt === 'start' ? 0 : 1];
        const box = root.current?.getBoundingClientRect();
        if (dragged === undefined || box === undefined) return;
        const whole = orientation === 'horizontal' ? box.width : box.height;
        onResize({ percent: dragged, px: Math.round((dragged / 100) * whole) });
      }}
    >
      {sideAt === 'start' ? [shownSide, trigger] : null}
      <Splitter.Panel key="main" id="main" className="split-panel">
        {main}
      </Splitter.Panel>
      {sideAt === 'end' ? [trigger, shownSide] : null}
    </Splitter.Root>
  );
}

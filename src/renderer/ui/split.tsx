// Two panels with a splitter between them. The side panel can be folded; the main one is always there.

import { Splitter } from '@ark-ui/react/splitter';
import { useRef, type ReactNode } from 'react';
import './split.css';
import { useMedia } from './use-media.ts';

/** As in app.css. */
const onePage = window.matchMedia('(width < 800px) or (height < 520px)');

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

export function Split(props: SplitProps) {
  const { orientation, sideAt, side, main, size, minSide, minMain, folded, label, onResize } = props;
  const root = useRef<HTMLDivElement>(null);
  // In one column nothing is divided: the size is set again where there are panels again.
  const isDivided = !useMedia(onePage);
  const sidePanel = {
    id: 'side',
    minSize: minSide,
    ...(typeof size === 'number' ? {} : { resizeBehavior: 'preserve-pixel-size' as const }),
  };
  const mainPanel = { id: 'main', minSize: minMain };
  const inOrder = sideAt === 'start' ? [sidePanel, mainPanel] : [mainPanel, sidePanel];
  const rest = typeof size === 'number' ? 100 - size : undefined;
  const sizes = sideAt === 'start' ? [size] : rest === undefined ? [] : [rest];
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
      size={folded ? [100] : isDivided ? sizes : []}
      onResizeEnd={({ size: now }) => {
        const percent = now[sideAt === 'start' ? 0 : 1];
        const box = root.current?.getBoundingClientRect();
        if (percent === undefined || box === undefined) return;
        const whole = orientation === 'horizontal' ? box.width : box.height;
        onResize({ percent, px: Math.round((percent / 100) * whole) });
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

// Contains an error in the view that throws it: a sentence replaces that view, and the rest of the window goes on.

import type { ErrorInfo, ReactNode } from 'react';
import { Component } from 'react';
import { logError } from '../store/error-log.ts';
import { useRun } from '../store/run.ts';
import './view-boundary.css';

/** Where the sentence stands: in the window's plan (app.css), in the place of a view inside of a panel, or over the rest. */
type Place = 'head' | 'nav' | 'guide' | 'side' | 'time' | 'inside' | 'over';

interface BoundaryProps {
  /** What the view is called, as the beginning of a sentence. */
  readonly name: string;
  readonly place: Place;
  readonly children: ReactNode;
}

/** Draws the views inside of it; once one of them throws, a sentence until another run or experiment is shown. */
export function ViewBoundary(props: BoundaryProps) {
  const shown = useRun(({ info, chosen }) => `${info?.run ?? 0} ${chosen}`);
  return <Catcher shown={shown} {...props} />;
}

interface CatcherProps extends BoundaryProps {
  readonly shown: string;
}

interface CatcherState {
  readonly failed: boolean;
  /** What was shown when the views were last drawn. */
  readonly shown: string;
}

class Catcher extends Component<CatcherProps, CatcherState> {
  override state: CatcherState = { failed: false, shown: this.props.shown };

  static getDerivedStateFromError(): Partial<CatcherState> {
    return { failed: true };
  }

  static getDerivedStateFromProps({ shown }: CatcherProps, state: CatcherState): CatcherState | null {
    return shown === state.shown ? null : { failed: false, shown };
  }

  override componentDidCatch(error: unknown, { componentStack }: ErrorInfo): void {
    logError(`${this.props.name} cannot be shown`, error, componentStack ?? '');
  }

  override render(): ReactNode {
    const { name, place, children } = this.props;
    return this.state.failed ? <Failed name={name} place={place} /> : children;
  }
}

function Failed({ name, place }: Omit<BoundaryProps, 'children'>) {
  const folder = useRun(({ app }) => app?.logFolder);
  const log = folder === undefined ? 'The log' : `The log in ${folder}`;
  return (
    <div className={`failed-view ${place}`} role="alert">
      <p>
        {name} cannot be shown: an error happened that SocketScope was not prepared for. {log} says which one.
        Run an experiment or open another file to go on.
      </p>
    </div>
  );
}

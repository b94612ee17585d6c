// Dragging with a real pointer: X's own events move it (XTEST), so the system's drag and drop is the real one.

import { execFileSync } from 'node:child_process';

import { expect, SEVEN_LINES, type SocketScope, test } from './app.ts';

test.skip(process.platform !== 'linux', 'the pointer is moved by xdotool, which needs an X server');

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Drags from one place of the window to another: past the threshold first, then on in small moves, as a hand does. */
async function dragByHand(app: SocketScope, from: Point, to: Point): Promise<void> {
  const window = await app.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getContentBounds(),
  );
  if (window === undefined) throw new Error('no window');
  const moves: string[] = [];
  const moveTo = (point: Point): void => {
    // A person pauses, too: the system notifies the drag's targets only now and then.
    moves.push(
      'mousemove',
      String(Math.round(window.x + point.x)),
      String(Math.round(window.y + point.y)),
      'sleep',
      '0.03',
    );
  };
  moveTo(from);
  moves.push('mousedown', '1');
  for (let step = 1; step <= 8; step += 1) moveTo({ x: from.x - 3 * step, y: from.y - 3 * step });
  moves.push('sleep', '0.4');
  for (let step = 1; step <= 25; step += 1) {
    moveTo({ x: from.x + ((to.x - from.x) * step) / 25, y: from.y + ((to.y - from.y) * step) / 25 });
  }
  moves.push('sleep', '0.5', 'mouseup', '1');
  execFileSync('xdotool', moves);
  await expect(app.page.getByText('Drop a file to run it')).toBeHidden();
}

test('dragging the result drags the real file: dropped back on the window it is known again', async ({
  launch,
}) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  const handle = await app.button(/^Drag out-proj\.txt, .* to the desktop$/).boundingBox();
  if (handle === null) throw new Error('nothing to take hold of');
  await dragByHand(app, { x: handle.x + 20, y: handle.y + 16 }, { x: 500, y: 300 });
  await expect(app.alert).toContainText('This is the result itself, out-proj.txt');
  // Nothing was run.
  await expect(app.root).toHaveAttribute('data-run', '1');
});

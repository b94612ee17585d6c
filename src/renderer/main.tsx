// Starts the window: connects to main, starts the player's clock, renders.

import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import './tokens.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { connectToMain } from './store/connection.ts';
import { logUncaughtErrors } from './store/error-log.ts';
import { watchMenu } from './store/menu.ts';
import { watchNotes } from './store/notes.ts';
import { startPlayer } from './store/player.ts';
import { watchSelection } from './store/selection.ts';
import { watchTimeBar } from './store/time-bar.ts';
import { watchCursor } from './store/trace-view.ts';
import { loadTheRest } from './views/lazy.tsx';
import { ViewBoundary } from './views/view-boundary.tsx';

logUncaughtErrors();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
const reactRoot = createRoot(root);
const fonts = ['1em "Inter Variable"', '1em "JetBrains Mono Variable"'];
// Rendered once, after main has answered and the fonts are loaded: an earlier render would lay the window out twice.
void Promise.allSettled([connectToMain(), ...fonts.map((font) => document.fonts.load(font))]).then(() => {
  reactRoot.render(
    <StrictMode>
      <ViewBoundary name="The window" place="inside">
        <App />
      </ViewBoundary>
    </StrictMode>,
  );
  startPlayer();
  watchCursor();
  watchMenu();
  watchSelection();
  watchTimeBar();
  watchNotes();
  loadTheRest();
});

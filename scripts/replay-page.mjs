// @ts-check
// Builds the page that replays a run as one text: its script and style stand in it, and its content policy lets nothing
// else run or load. A part of the build of the app (electron.vite.config.ts).

import { createHash } from 'node:crypto';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

/** The name of the file, beside main's own. */
const FILE = 'replay.html';

/** @param {string} text */
function hashOf(text) {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/**
 * @param {string} script
 * @param {string} style
 */
function pageOf(script, style) {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  // The places of the title and the run are found by their first mark: they come before the script.
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="dark light">
<meta name="referrer" content="no-referrer">
<title><!--title--></title>
<style>${style}</style>
</head>
<body>
<div id="root"></div>
<script type="application/json" id="run"><!--run--></script>
<script>${script}</script>
</body>
</html>
`;
}

/**
 * @param {string} projectFolder
 * @param {string} target the oldest browser that plays it
 * @returns {Promise<string>}
 */
async function bundle(projectFolder, target) {
  const built = await build({
    root: path.join(projectFolder, 'src', 'renderer'),
    configFile: false,
    logLevel: 'warn',
    plugins: [react()],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target,
      cssCodeSplit: false,
      rolldownOptions: {
        input: path.join(projectFolder, 'src', 'renderer', 'replay', 'main.tsx'),
        output: { format: 'iife', codeSplitting: false },
      },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((each) =>
    'output' in each ? each.output : [],
  );
  const scripts = outputs.flatMap((output) => (output.type === 'chunk' ? [output.code] : []));
  const styles = outputs.flatMap((output) => (output.type === 'asset' ? [String(output.source)] : []));
  const [script, ...more] = scripts;
  const [style, ...others] = styles;
  if (script === undefined || style === undefined || more.length + others.length > 0) {
    throw new Error(`The page that replays runs has ${outputs.map(({ fileName }) => fileName).join(', ')}.`);
  }
  // Inside of the page neither may end its element.
  return pageOf(script.replace(/<(?=\/script|!--)/gi, '\\x3c'), style.replace(/<\//g, '<\\/'));
}

/**
 * Puts the page beside the built main process.
 * @param {string} projectFolder
 * @param {string} target
 * @returns {import('vite').Plugin}
 */
export function replayPage(projectFolder, target) {
  return {
    name: 'replay-page',
    apply: 'build',
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: FILE, source: await bundle(projectFolder, target) });
    },
  };
}

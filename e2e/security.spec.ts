// What the page may not do. A page that was taken over has no more power than what is tested here.

import { expect, SANDBOXED, SEVEN_LINES, test, valueOf } from './app.ts';

test('the page has no Node, one bridge, and the content policy', async ({ launch }) => {
  const app = await launch();
  for (const name of ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer']) {
    expect(await app.page.evaluate<string>(`typeof ${name}`), name).toBe('undefined');
  }
  expect(await app.page.evaluate<string[]>('Object.keys(socketScope).sort()')).toEqual([
    'call',
    'openDropped',
    'platform',
  ]);
  expect(await app.page.evaluate<string>('location.origin')).toBe('app://socketscope');
  const headers = await app.page.evaluate<Record<string, string>>(
    'fetch("/index.html").then((answer) => Object.fromEntries(answer.headers))',
  );
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test('the window is sandboxed as it is meant to be', async ({ launch }) => {
  const app = await launch();
  const preferences: unknown = await app.electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    // Not in the documented API; it is what the window was really made with.
    if (contents === undefined || !('getLastWebPreferences' in contents)) return undefined;
    const { getLastWebPreferences } = contents;
    if (typeof getLastWebPreferences !== 'function') return undefined;
    const used: unknown = Reflect.apply(getLastWebPreferences, contents, []);
    return used;
  });
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
  // Where the system allows it, the sandbox is real: it is not switched off for the tests.
  const switchedOff = await app.electron.evaluate(({ app: running }) =>
    running.commandLine.hasSwitch('no-sandbox'),
  );
  expect(switchedOff).toBe(!SANDBOXED);
});

test('nothing but the files of the page is served', async ({ launch }) => {
  const app = await launch();
  app.errorsAreExpected = true;
  for (const path of [
    '/..%2fmain/index.js',
    '/%2e%2e/main/index.js',
    '/..%5cmain%5cindex.js',
    '/assets/none.js',
  ]) {
    const status = await app.page.evaluate<number>(
      `fetch(${JSON.stringify(path)}).then((answer) => answer.status)`,
    );
    expect([403, 404], path).toContain(status);
  }
});

test('the page cannot leave, open windows, run strings, or reach other places', async ({ launch }) => {
  const app = await launch();
  app.errorsAreExpected = true;
  const url = app.page.url();
  expect(await app.page.evaluate<string>('String(window.open("https://example.org/"))')).toBe('null');
  for (const place of [
    'https://example.org/',
    'file:///etc/passwd',
    'app://elsewhere/',
    'data:text/html,hello',
  ]) {
    await app.page.evaluate(`void (location.href = ${JSON.stringify(place)})`);
  }
  expect(
    await app.page.evaluate<string>('fetch("https://example.org/").then(() => "reached", () => "refused")'),
  ).toBe('refused');
  const ran = await app.page.evaluate<string>(
    `new Promise((resolve) => {
      const script = document.createElement('script');
      script.onerror = () => resolve('refused');
      try { script.text = 'window.ran = true'; document.head.append(script); } catch { resolve('refused'); }
      setTimeout(() => resolve(window.ran ? 'ran' : 'refused'), 0);
    })`,
  );
  expect(ran).toBe('refused');
  expect(await app.page.evaluate<string>('Notification.requestPermission()')).toBe('denied');
  expect(app.electron.windows()).toHaveLength(1);
  expect(app.page.url()).toBe(url);
  // The page is alive and still trusted.
  expect((await app.call('settings:change', {})).port).toBe(0);
});

test('a call of the wrong shape is refused before anything is done', async ({ launch }) => {
  const app = await launch();
  app.errorsAreExpected = true;
  for (const call of [
    `'run:start', { port: 70000 }`,
    `'run:start', { port: '80' }`,
    `'run:start', { port: 80, host: '0.0.0.0' }`,
    `'run:start'`,
    `'run:facts', { run: 1, fromSeq: 1, toSeq: 5001 }`,
    `'run:facts', { run: 1, fromSeq: 0, toSeq: 1 }`,
    `'run:fact', { run: 1, seq: 1.5 }`,
    `'settings:change', { maxLineBytes: 1e12 }`,
    `'settings:change', { by: 'word' }`,
    `'app:ready', 1`,
    `'file:dropped', { paths: ['/etc/passwd'] }`,
    `'no:such-channel'`,
  ]) {
    const answer = await app.page.evaluate<string>(
      `socketScope.call(${call}).then(() => 'answered', () => 'refused')`,
    );
    expect(answer, call).toBe('refused');
  }
  expect(await app.run()).toBe(0);
});

test('a file made by the page has no path, so a page cannot forge one', async ({ launch }) => {
  const app = await launch();
  const answer = await app.page.evaluate<{ ok: boolean; problem: { code: string } }>(
    `socketScope.openDropped([new File(['abc'], '/etc/passwd')])`,
  );
  expect(answer).toMatchObject({ ok: false, problem: { code: 'file-missing' } });
});

test('a frame inside the page is not answered', async ({ launch }) => {
  const app = await launch();
  app.errorsAreExpected = true;
  // The policy lets no frame be loaded; an empty one has our origin and yet no bridge.
  expect(
    await app.page.evaluate<string>(
      `(() => { const frame = document.createElement('iframe'); document.body.append(frame); return typeof frame.contentWindow.socketScope; })()`,
    ),
  ).toBe('undefined');
});

test('a page of another origin in the window is not answered', async ({ launch }) => {
  const app = await launch({ args: [SEVEN_LINES] });
  app.errorsAreExpected = true;
  await app.settled(1);
  // Only main can bring the window there: the page itself cannot navigate.
  await app.electron.evaluate(async ({ BrowserWindow }) => {
    await BrowserWindow.getAllWindows()[0]?.loadURL('data:text/html,<title>elsewhere</title>');
  });
  await expect(app.page).toHaveTitle('elsewhere');
  expect(
    await app.page.evaluate<string>(
      `socketScope.call('run:fact', { run: 1, seq: 1 }).then(() => 'answered', String)`,
    ),
  ).toContain('Only the window of SocketScope may call');
});

test('what was asked about a run that is no longer shown is not answered from another', async ({
  launch,
}) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  expect(valueOf(await app.call('run:fact', { run: 1, seq: 1 })).kind).toBe('run-started');
  const answer = await app.call('run:fact', { run: 2, seq: 1 });
  expect(answer.ok ? 'answered' : answer.problem.code).toBe('run-replaced');
});

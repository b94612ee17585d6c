// What the page may not do. A compromised page has no more power than what is tested here.

import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { portOf } from '../src/engine/system/port-for-tests.ts';
import { expect, SANDBOXED, SEVEN_LINES, test, valueOf, type SocketScope } from './app.ts';

const PROJECT = join(import.meta.dirname, '..');
const OUT = join(PROJECT, 'out');

async function logOf(app: SocketScope): Promise<string> {
  return await readFile(join(app.userData, 'logs', 'main.log'), 'utf8');
}

/** A server on this machine that counts what reaches it, over TCP and over UDP. */
async function listenForVisits(): Promise<{
  readonly tcpPort: number;
  readonly udpPort: number;
  visits(): number;
  close(): void;
}> {
  let count = 0;
  const tcp = createServer((socket) => {
    count += 1;
    socket.destroy();
  });
  tcp.listen(0, '127.0.0.1');
  const udp = createSocket('udp4', () => {
    count += 1;
  });
  udp.bind(0, '127.0.0.1');
  await Promise.all([once(tcp, 'listening'), once(udp, 'listening')]);
  return {
    tcpPort: portOf(tcp.address()),
    udpPort: udp.address().port,
    visits: () => count,
    close() {
      tcp.close();
      udp.close();
    },
  };
}

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
    // Not in the documented API: the preferences that the window was really made with.
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
  const tools = await app.electron.evaluate(({ BrowserWindow, session }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    contents?.openDevTools();
    return { opened: contents?.isDevToolsOpened(), spelling: session.defaultSession.isSpellCheckerEnabled() };
  });
  // A spelling checker would fetch its dictionaries from elsewhere.
  expect(tools).toEqual({ opened: false, spelling: false });
  // Each of these is off by default.
  for (const name of [
    'allowRunningInsecureContent',
    'experimentalFeatures',
    'enableBlinkFeatures',
    'nodeIntegrationInWorker',
    'nodeIntegrationInSubFrames',
    'enablePreferredSizeMode',
    'navigateOnDragDrop',
    'plugins',
    'partition',
  ]) {
    const used: unknown = Reflect.get(Object(preferences), name);
    expect([undefined, false, ''], name).toContain(used);
  }
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
    '/..%2fmain/index.cjs',
    '/%2e%2e/main/index.cjs',
    '/..%5cmain%5cindex.js',
    '/..%252fmain/index.cjs',
    '/%2e%2e%2f%2e%2e%2fpackage.json',
    '/assets/%00.js',
    '/assets',
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
    `'run:page', { run: 1, page: -1 }`,
    `'run:page', { run: 1, page: 1e300 }`,
    `'run:landmarks', { run: 1, from: 0.5 }`,
    `'run:fact', { run: 1, seq: 1.5 }`,
    `'run:find', { run: 1, words: 'x', cursor: -1, pages: [] }`,
    `'run:find', { run: 1, words: 'x', cursor: 0, pages: [${Array.from({ length: 33 }, () => 0).join()}] }`,
    `'run:find', { run: 1, words: '${'x'.repeat(2_000)}', cursor: 0, pages: [] }`,
    `'run:numbers', { run: 1, order: 'slowest', lines: 1e9 }`,
    `'run:numbers', { run: 1, order: 'random', lines: 1 }`,
    `'settings:change', { maxLineBytes: 1e12 }`,
    `'settings:change', { by: 'word' }`,
    `'settings:change', { openToNetwork: true }`,
    `'app:ready', 1`,
    `'file:dropped', { paths: ['/etc/passwd'] }`,
    `'no:such-channel'`,
    `'__ELECTRON_LOG__', { cmd: 'getOptions' }`,
  ]) {
    const answer = await app.page.evaluate<string>(
      `socketScope.call(${call}).then(() => 'answered', () => 'refused')`,
    );
    expect(answer, call).toBe('refused');
  }
  expect(await app.run()).toBe(0);
  const log = await logOf(app);
  expect(log).toContain('run:start failed');
  expect(log).toContain('The call does not have the shape it should have');
});

test('main answers the calls that ipc.ts lists and listens to nothing else', async ({ launch }) => {
  const app = await launch();
  const channels = await app.electron.evaluate(({ ipcMain }) => {
    // Not in the documented API: where Electron keeps what answers `invoke`.
    const handlers: unknown = Reflect.get(ipcMain, '_invokeHandlers');
    return {
      answered: handlers instanceof Map ? [...handlers.keys()].map(String) : [],
      listened: ipcMain.eventNames().map(String),
    };
  });
  const contract = await readFile(join(PROJECT, 'src', 'shared', 'ipc.ts'), 'utf8');
  const calls = contract.slice(
    contract.indexOf('export interface Calls {'),
    contract.indexOf('export type Push'),
  );
  const listed = [...calls.matchAll(/^ {2}'([a-z]+:[a-z-]+)':/gm)].map(([, channel]) => channel);
  expect(listed.length).toBeGreaterThan(10);
  expect([...channels.answered].sort()).toEqual([...listed].sort());
  // Electron's own: an event of this name that nobody listens for would end the app.
  expect(channels.listened).toEqual(['error']);
});

test('a second window with the same preload and the same page is not answered', async ({ launch }) => {
  const app = await launch();
  app.errorsAreExpected = true;
  // Only main could open one; the page is refused each.
  const answers = await app.electron.evaluate(
    async ({ BrowserWindow }, preload) => {
      const forged = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await forged.loadURL('app://socketscope/index.html');
      const answered: unknown = await forged.webContents.executeJavaScript(
        `Promise.all(['app:ready', 'run:cancel', 'settings:reset'].map((channel) =>
        socketScope.call(channel).then(() => 'answered', String))).then((all) => all.join('\\n'))`,
      );
      forged.destroy();
      return String(answered);
    },
    join(OUT, 'preload', 'index.cjs'),
  );
  expect(answers.split('\n')).toHaveLength(3);
  expect(answers.match(/Only the window of SocketScope may call/g)).toHaveLength(3);
  expect(await logOf(app)).toContain('Refused app:ready from app://socketscope/index.html');
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

test('no string becomes code and no markup a script, by the policy as it is served', async ({ launch }) => {
  const app = await launch();
  app.errorsAreExpected = true;
  // In a task of the page's own: what the test itself evaluates is exempt from the policy.
  async function inThePage(code: string): Promise<string> {
    return await app.page.evaluate<string>(
      `new Promise((resolve) => { setTimeout(() => { try { resolve(String(${code})); } catch (error) { resolve(error.name); } }, 0); })`,
    );
  }
  expect(await inThePage(`(0, eval)('1 + 1')`)).toBe('EvalError');
  expect(await inThePage(`new Function('return 2')()`)).toBe('EvalError');
  expect(await inThePage(`setTimeout('window.ran = true', 0)`)).toBe('TypeError');
  expect(await inThePage(`document.body.insertAdjacentHTML('beforeend', '<b>x</b>')`)).toBe('TypeError');
  expect(await inThePage(`document.createElement('div').innerHTML = '<b>x</b>'`)).toBe('TypeError');
  expect(await inThePage(`document.body.setAttribute('onclick', 'window.ran = true')`)).toBe('TypeError');
  expect(await inThePage(`new Worker('data:text/javascript,1')`)).toBe('TypeError');
  expect(await inThePage(`trustedTypes.createPolicy('own', {})`)).toBe('TypeError');
  expect(await app.page.evaluate<string>('typeof window.ran')).toBe('undefined');
});

test('the page reaches no place of the network: not by the policy’s leave, and not past it', async ({
  launch,
}) => {
  const app = await launch();
  app.errorsAreExpected = true;
  const place = await listenForVisits();
  try {
    const http = `http://127.0.0.1:${place.tcpPort}`;
    const settled = await app.page.evaluate<string[]>(`(async () => {
      const refused = (act) => new Promise((resolve) => act(() => resolve('refused'), () => resolve('reached')));
      const element = (name, fields) => refused((failed, loaded) => {
        const made = Object.assign(document.createElement(name), fields, { onerror: failed, onload: loaded });
        document.head.append(made);
      });
      return await Promise.all([
        fetch('${http}/').then(() => 'reached', () => 'refused'),
        fetch('file:///etc/passwd').then(() => 'reached', () => 'refused'),
        fetch('app://elsewhere/index.html').then(() => 'reached', () => 'refused'),
        refused((failed, loaded) => {
          const socket = new WebSocket('ws://127.0.0.1:${place.tcpPort}/');
          socket.onerror = failed;
          socket.onopen = loaded;
        }),
        refused((failed, loaded) => Object.assign(new EventSource('${http}/'), { onerror: failed, onopen: loaded })),
        element('img', { src: '${http}/x.png' }),
        element('img', { src: 'file:///etc/passwd' }),
        element('img', { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' }),
        element('link', { rel: 'stylesheet', href: '${http}/x.css' }),
      ]);
    })()`);
    expect(settled).toEqual(settled.map(() => 'refused'));

    // The policy says nothing of these: WebRTC by UDP and by TCP, and connections made in advance.
    const candidates = await app.page.evaluate<number>(`(async () => {
      const link = document.createElement('link');
      link.rel = 'preconnect';
      link.href = '${http}/';
      document.head.append(link);
      const gathered = async (server) => {
        const connection = new RTCPeerConnection({ iceServers: [server] });
        connection.createDataChannel('x');
        const found = [];
        connection.onicecandidate = ({ candidate }) => { if (candidate) found.push(candidate.candidate); };
        await connection.setLocalDescription(await connection.createOffer());
        while (connection.iceGatheringState !== 'complete') {
          await new Promise((resolve) => { connection.onicegatheringstatechange = resolve; });
        }
        connection.close();
        return found.length;
      };
      const login = { username: 'a', credential: 'b' };
      return (await gathered({ urls: 'stun:127.0.0.1:${place.udpPort}' })) +
        (await gathered({ urls: 'turn:127.0.0.1:${place.tcpPort}?transport=tcp', ...login })) +
        (await gathered({ urls: 'turn:localhost:${place.tcpPort}?transport=tcp', ...login }));
    })()`);
    expect(candidates).toBe(0);

    // And where there were no policy at all: Chromium has no network.
    const answer = await app.electron.evaluate(async ({ net }, url) => {
      try {
        return String((await net.fetch(url)).status);
      } catch (error) {
        return String(error);
      }
    }, http);
    expect(answer).toContain('ERR_NAME_NOT_RESOLVED');
    expect(place.visits()).toBe(0);
  } finally {
    place.close();
  }
});

test('whatever a page asks to be granted is denied, when it asks and when it looks', async ({ launch }) => {
  // With devices to grant: where there is none, asking for one proves nothing.
  const app = await launch({ args: ['--use-fake-device-for-media-stream'] });
  app.errorsAreExpected = true;
  for (const name of [
    'geolocation',
    'notifications',
    'midi',
    'camera',
    'microphone',
    'background-sync',
    'persistent-storage',
    'screen-wake-lock',
    'clipboard-read',
    'clipboard-write',
    'payment-handler',
    'idle-detection',
    'storage-access',
    'window-management',
    'display-capture',
    'accelerometer',
  ]) {
    const state = await app.page.evaluate<string>(
      `navigator.permissions.query({ name: '${name}' }).then(({ state }) => state)`,
    );
    expect(state, name).toBe('denied');
  }
  for (const [request, answer] of [
    [`Notification.requestPermission()`, 'denied'],
    [
      `new Promise((resolve) => navigator.geolocation.getCurrentPosition(resolve, ({ code }) => resolve(code)))`,
      '1',
    ],
    [`navigator.mediaDevices.getUserMedia({ audio: true })`, 'NotAllowedError'],
    [`navigator.mediaDevices.getUserMedia({ video: true })`, 'NotAllowedError'],
    [`navigator.mediaDevices.getDisplayMedia()`, 'NotAllowedError'],
    [`navigator.requestMIDIAccess({ sysex: true })`, 'NotAllowedError'],
    [`navigator.clipboard.readText()`, 'NotAllowedError'],
    [`navigator.wakeLock.request('screen')`, 'NotAllowedError'],
    [`navigator.storage.persist()`, 'false'],
    [`navigator.hid.requestDevice({ filters: [] }).then(({ length }) => length)`, '0'],
    [`navigator.usb.requestDevice({ filters: [] })`, 'NotFoundError'],
    [`navigator.serial.requestPort()`, 'NotFoundError'],
  ] as const) {
    const got: unknown = await app.page.evaluate<unknown>(
      // Devices are asked for by a click alone: the test's own evaluation counts as one.
      `${request}.then(String, ({ name }) => name)`,
    );
    expect(got, request).toBe(answer);
  }
});

test('no window, frame, view or download comes of what a page does, and no other program is called', async ({
  launch,
}) => {
  const app = await launch();
  app.errorsAreExpected = true;
  // What would be sent to the system is only recorded: it must be nothing.
  await app.electron.evaluate(({ shell, session }) => {
    const sentToSystem: string[] = [];
    Reflect.set(globalThis, 'sentToSystem', sentToSystem);
    shell.openExternal = (url) => {
      sentToSystem.push(url);
      return Promise.resolve();
    };
    session.defaultSession.on('will-download', (event, item) => {
      if (!event.defaultPrevented) sentToSystem.push(item.getURL());
    });
  });
  const url = app.page.url();
  for (const place of [
    '',
    'about:blank',
    'app://socketscope/index.html',
    'mailto:a@example.org',
    'https://example.org/',
  ]) {
    expect(await app.page.evaluate<string>(`String(window.open(${JSON.stringify(place)}))`), place).toBe(
      'null',
    );
  }
  for (const place of [
    'mailto:a@example.org',
    'ssh://example.org',
    'chrome://gpu',
    'app://socketscope/assets/x',
    'view-source:app://socketscope/',
  ]) {
    await app.page.evaluate(`void (location.href = ${JSON.stringify(place)})`);
    await app.page.evaluate(`(() => {
      const link = Object.assign(document.createElement('a'), { href: ${JSON.stringify(place)}, target: '_blank' });
      document.body.append(link);
      link.click();
      link.remove();
    })()`);
  }
  const view = await app.page.evaluate<string>(`(() => {
    const made = document.createElement('webview');
    made.setAttribute('allowpopups', '');
    made.setAttribute('nodeintegration', '');
    made.setAttribute('src', '/index.html');
    document.body.append(made);
    return typeof made.getURL;
  })()`);
  expect(view).toBe('undefined');
  await app.page.evaluate(`(() => {
    for (const href of ['/index.html', URL.createObjectURL(new Blob(['x']))]) {
      Object.assign(document.createElement('a'), { href, download: 'evil.html' }).click();
    }
    const form = Object.assign(document.createElement('form'), { action: 'https://example.org/', method: 'post' });
    document.body.append(form);
    form.submit();
  })()`);
  // Answered after all of it: the requests before have been handled.
  expect((await app.call('settings:change', {})).port).toBe(0);
  const after = await app.electron.evaluate(({ webContents }) => {
    const sentToSystem: unknown = Reflect.get(globalThis, 'sentToSystem');
    return { contents: webContents.getAllWebContents().length, sentToSystem };
  });
  expect(after).toEqual({ contents: 1, sentToSystem: [] });
  expect(app.page.url()).toBe(url);
});

test('nothing is dragged out of the window unless the button of the mouse is down, and once a press', async ({
  launch,
}) => {
  const app = await launch({ args: [SEVEN_LINES] });
  await app.settled(1);
  // The system, and main with it, would wait a minute for a button that is not down: the test would time out.
  async function dragOften(): Promise<void> {
    await app.page.evaluate(`Promise.all(Array.from({ length: 50 }, () => socketScope.call('result:drag')))`);
  }
  await dragOften();
  const handle = app.button(/^Drag out-proj\.txt/);
  await handle.hover();
  await dragOften();
  // Pressed and released, and pressed with another button.
  await handle.click();
  await dragOften();
  await app.page.mouse.down({ button: 'right' });
  await dragOften();
  await app.page.mouse.up({ button: 'right' });
  // An event that the page makes up does not count as a press.
  await app.page.evaluate(
    `document.body.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0, buttons: 1 }))`,
  );
  await dragOften();
  expect((await app.call('settings:change', {})).port).toBe(0);

  // One press is one drag, however often it is asked for: the calls to the system are counted.
  await app.electron.evaluate(({ BrowserWindow }) => {
    Reflect.set(globalThis, 'drags', 0);
    for (const { webContents } of BrowserWindow.getAllWindows()) {
      webContents.startDrag = () => {
        Reflect.set(globalThis, 'drags', Number(Reflect.get(globalThis, 'drags')) + 1);
      };
    }
  });
  await handle.hover();
  await app.page.mouse.down();
  await dragOften();
  await app.page.mouse.up();
  await dragOften();
  expect(await app.electron.evaluate((): unknown => Reflect.get(globalThis, 'drags'))).toBe(1);
  expect(await logOf(app)).toContain('Refused to drag the result: no button of the mouse is down.');
});

test('what a second start sends is accepted only in the shape that it should have', async ({
  launch,
  folder,
}) => {
  const app = await launch();
  app.errorsAreExpected = true;
  // Another program of the same user with the same folder of data: it gets the same lock.
  const other = join(folder, 'other');
  await mkdir(other);
  await writeFile(join(other, 'package.json'), '{"name":"other","version":"1.0.0","main":"main.cjs"}');
  await writeFile(
    join(other, 'main.cjs'),
    `const { app } = require('electron');
     for (const data of [{ files: '/etc/passwd' }, { files: [7], cwd: '/' }, { files: ['/x'], cwd: '/', port: 70000 }, { files: ['/x'], count: -1 }, { files: ['/x'], count: 1.5 }, { count: 2 }]) app.requestSingleInstanceLock(data);
     app.exit(0);`,
  );
  const program = await app.electron.evaluate(() => process.execPath);
  const second = spawn(
    program,
    [...(SANDBOXED ? [] : ['--no-sandbox']), other, `--user-data-dir=${app.userData}`],
    { stdio: 'ignore' },
  );
  await once(second, 'exit');
  await expect
    .poll(async () => (await logOf(app)).split('A second start handed over what makes no sense').length - 1)
    .toBeGreaterThan(0);
  expect(await app.run()).toBe(0);
  await expect(app.alert).toHaveCount(0);
});

test.describe('the built app', () => {
  test('loads its page, styles and scripts from its own files alone', async () => {
    const page = await readFile(join(OUT, 'renderer', 'index.html'), 'utf8');
    const places = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, place]) => place);
    expect(places.length).toBeGreaterThan(1);
    for (const place of places) expect(place).toMatch(/^\.\/assets\/[\w.-]+$/);
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(page).not.toMatch(/<style|\son\w+=/);
  });

  test('hands no URL to the system, and has a preload that knows electron alone', async () => {
    const main = join(OUT, 'main');
    const names = (await readdir(main, { recursive: true })).filter((name) => name.endsWith('.cjs'));
    const code = (await Promise.all(names.map((name) => readFile(join(main, name), 'utf8')))).join('\n');
    // The one place is a method of electron-log that nothing calls.
    expect(code.match(/openExternal/g)).toHaveLength(1);
    expect(code).not.toMatch(
      /(?:webSecurity|contextIsolation|sandbox):\s*(?:false|!1)|nodeIntegration\w*:\s*(?:true|!0)/,
    );
    const preload = await readFile(join(OUT, 'preload', 'index.cjs'), 'utf8');
    expect([...preload.matchAll(/require\("([^"]*)"\)/g)].map(([, name]) => name)).toEqual(['electron']);
    expect(preload.match(/exposeInMainWorld/g)).toHaveLength(1);
  });

  test('is built for one exact version of Electron, the same in package.json and in the lock file', async () => {
    const manifest: unknown = JSON.parse(await readFile(join(PROJECT, 'package.json'), 'utf8'));
    const lock: unknown = JSON.parse(await readFile(join(PROJECT, 'package-lock.json'), 'utf8'));
    expect(manifest).toHaveProperty('devDependencies.electron', expect.stringMatching(/^\d+\.\d+\.\d+$/));
    const wanted: unknown = Reflect.get(Object(Reflect.get(Object(manifest), 'devDependencies')), 'electron');
    expect(lock).toHaveProperty(['packages', 'node_modules/electron', 'version'], wanted);
    expect(Number(String(wanted).split('.')[0])).toBeGreaterThanOrEqual(45);
  });
});

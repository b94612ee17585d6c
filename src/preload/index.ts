// The preload: the page's only access to main. Forwards the page's calls, which main checks, and main's MessagePort. Only
// types may be imported: a sandboxed preload must be one file.

import { contextBridge, ipcRenderer, webUtils } from 'electron';

import type { Bridge, PORT_MESSAGE } from '../shared/ipc.ts';

const portMessage: typeof PORT_MESSAGE = 'socketscope:port';

const bridge: Bridge<File> = {
  call(channel, ...args) {
    const name: string = channel;
    // Paths come only from openDropped: a page that could send them itself could read any file.
    if (name === 'file:dropped') return Promise.reject(new Error('Dropped files are opened by openDropped.'));
    return ipcRenderer.invoke(channel, ...args);
  },
  openDropped(files) {
    const [file] = files;
    // Of several files only the number is sent, so that the message stays small.
    const path = file === undefined || files.length > 1 ? '' : webUtils.getPathForFile(file);
    return ipcRenderer.invoke('file:dropped', { path, count: files.length });
  },
  platform: process.platform,
};

ipcRenderer.on(portMessage, (event) => {
  // Only a page of our own origin receives it, also where another page was loaded in between.
  window.postMessage(portMessage, location.origin, event.ports);
});

contextBridge.exposeInMainWorld('socketScope', bridge);

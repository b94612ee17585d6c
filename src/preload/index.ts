// The bridge: the only thing the page gets from outside. Passes its calls on to bridge/calls.ts, which judges each of them,
// and hands main's MessagePort on to the page. Types alone are imported: a sandboxed preload is one small file.

import { contextBridge, ipcRenderer, webUtils } from 'electron';

import type { Bridge, PORT_MESSAGE } from '../shared/ipc.ts';

const portMessage: typeof PORT_MESSAGE = 'socketscope:port';

const bridge: Bridge<File> = {
  call(channel, ...args) {
    const name: string = channel;
    // Paths come from openDropped alone: a page that could send them itself could have any file read.
    if (name === 'file:dropped') return Promise.reject(new Error('Dropped files are opened by openDropped.'));
    return ipcRenderer.invoke(channel, ...args);
  },
  openDropped(files) {
    const [file] = files;
    // Of several files only the number counts: what crosses stays small, however many were dropped.
    const path = file === undefined || files.length > 1 ? '' : webUtils.getPathForFile(file);
    return ipcRenderer.invoke('file:dropped', { path, count: files.length });
  },
  platform: process.platform,
};

ipcRenderer.on(portMessage, (event) => {
  // Only a page of our own origin receives it, whatever may have been loaded in between.
  window.postMessage(portMessage, location.origin, event.ports);
});

contextBridge.exposeInMainWorld('socketScope', bridge);

// @ts-check
// The least that Node needs for the same exchange, to compare with: a server that reverses and a client that has at most
// IN_FLIGHT lines on their way, nothing recorded, nothing checked. As JavaScript, so that nothing is put around it.

import { readFile, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';

const [, , source, target, inFlight = '1'] = process.argv;
if (source === undefined || target === undefined) {
  throw new Error('usage: bare-pair.mjs INPUT OUTPUT [IN_FLIGHT]');
}

const lines = (await readFile(source)).toString('latin1').split('\n').slice(0, -1);
/** @type {string[]} */
const replies = [];

const server = createServer({ noDelay: true }, (socket) => {
  let rest = '';
  socket.setEncoding('latin1');
  socket.on('data', (/** @type {string} */ chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) socket.write(`${line.split('').reverse().join('')}\n`, 'latin1');
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  let next = 0;
  let rest = '';
  const client = createConnection({ host: '127.0.0.1', port, noDelay: true });
  const send = () => {
    while (next < lines.length && next - replies.length < Number(inFlight)) {
      client.write(`${lines[next]}\n`, 'latin1');
      next += 1;
    }
    if (replies.length === lines.length) client.end();
  };
  client.setEncoding('latin1');
  client.on('connect', send);
  client.on('data', (/** @type {string} */ chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const reply of parts) replies.push(reply);
    send();
  });
  client.on('close', () => {
    server.close();
    void writeFile(target, replies.map((reply) => `${reply}\n`).join(''), 'latin1');
  });
});

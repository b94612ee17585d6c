// The least that Node needs for the same exchange, to compare with: a server that reverses and a client that waits for
// each reply, nothing recorded, nothing checked. bench/exchange.ts runs it in a process of its own.

import { readFile, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';

const [, , source, target] = process.argv;
if (source === undefined || target === undefined) throw new Error('usage: bare-pair.ts INPUT OUTPUT');

const lines = (await readFile(source)).toString('latin1').split('\n').slice(0, -1);
const replies: string[] = [];

const server = createServer({ noDelay: true }, (socket) => {
  let rest = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
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
  const sendNext = (): void => {
    const line = lines[next];
    next += 1;
    if (line === undefined) client.end();
    else client.write(`${line}\n`, 'latin1');
  };
  client.setEncoding('latin1');
  client.on('connect', sendNext);
  client.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const reply of parts) {
      replies.push(reply);
      sendNext();
    }
  });
  client.on('close', () => {
    server.close();
    void writeFile(target, `${replies.join('\n')}\n`, 'latin1');
  });
});

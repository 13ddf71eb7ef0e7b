// A server in a process of its own, so that it does not share the event loop of what is measured. Started by path, with
// the size of the answers as its argument; ends with its parent.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { depthText, tickText } from './answers.ts';

const body = Buffer.from(depthText(Number(process.argv[2])));
const tick = Buffer.from(tickText());

const server = createServer({ keepAliveTimeout: 60_000 }, (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});

// A client sends a number and gets as many ticks.
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  socket.on('message', (count) => {
    for (let left = Number(String(count)); left > 0; left--) socket.send(tick, { binary: false });
  });
});

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));

// An HTTP/1.1 server in a process of its own, so that it does not share the event loop of what is measured. Started by path,
// with the size of the answers as its argument; ends with its parent.
//
// It looks for the end of a request and writes an answer that is made already: Node's own server takes about as long
// for a small answer as the clients do, and would be half of what is measured.

import { createServer, type AddressInfo } from 'node:net';
import { depthText } from './answers.ts';

const CR = 0x0d;
const END = Buffer.from('\r\n\r\n');

const body = depthText(Number(process.argv[2]));
const head = [
  'HTTP/1.1 200 OK',
  'content-type: application/json',
  `content-length: ${body.length}`,
  `date: ${new Date().toUTCString()}`,
  'connection: keep-alive',
  'keep-alive: timeout=60',
];
const answer = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);

const server = createServer({ noDelay: true }, (socket) => {
  /** Bytes of `END` that the request ends with so far. */
  let matched = 0;
  socket.on('data', (chunk: Buffer) => {
    for (const byte of chunk) {
      if (byte === END[matched]) matched++;
      else matched = byte === CR ? 1 : 0;
      if (matched < END.length) continue;
      matched = 0;
      socket.write(answer);
    }
  });
  // Clients may leave as they like.
  socket.on('error', () => socket.destroy());
});

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));

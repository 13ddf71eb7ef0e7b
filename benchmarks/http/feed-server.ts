// A WebSocket server in a process of its own: a client sends a number and gets as many ticks. Started by path, ends with its
// parent.
//
// The ticks are framed once and written in one piece past ws, which takes longer to send a message than its client takes to
// receive it: the sender would be what is measured.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { tickText } from './answers.ts';

const FINAL_TEXT = 0x81;
/** The length follows in two bytes: payloads of 126 bytes to 64 KiB. */
const LENGTH_IN_TWO = 126;

const payload = Buffer.from(tickText());
const frame = Buffer.concat([
  Buffer.from([FINAL_TEXT, LENGTH_IN_TWO, payload.length >> 8, payload.length & 0xff]),
  payload,
]);
const bursts = new Map<number, Buffer>();

function burstOf(count: number): Buffer {
  const burst = bursts.get(count) ?? Buffer.concat(Array.from({ length: count }, () => frame));
  bursts.set(count, burst);
  return burst;
}

const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const server = createServer().on('upgrade', (request, socket, head) => {
  webSockets.handleUpgrade(request, socket, head, (client) => {
    client.on('message', (count) => socket.write(burstOf(Number(String(count)))));
  });
});

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));

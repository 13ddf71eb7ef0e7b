import { getEventListeners } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { HttpError } from '../errors.ts';
import { seededRandom } from '../testing/random.ts';
import { HttpPool } from './http-pool.ts';

const BODY = '{"ok":true}';
const FINE = `HTTP/1.1 200 OK\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`;

/** What a server may do to a request; `split` cuts where an answer comes in pieces. */
const FAULTS: readonly ((socket: Socket, split: number) => void)[] = [
  (socket) => socket.write(FINE),
  (socket) => socket.write(FINE),
  (socket) => socket.write(FINE),
  (socket, split) => {
    socket.write(FINE.slice(0, split));
    setImmediate(() => socket.write(FINE.slice(split)));
  },
  (socket) => socket.write(FINE.replace('\r\n', '\r\nconnection: close\r\n'), () => socket.end()),
  // An answer after which the connection is closed without a word of it.
  (socket) => socket.write(FINE, () => socket.destroy()),
  (socket) => socket.write(FINE, () => socket.resetAndDestroy()),
  (socket) => socket.resetAndDestroy(),
  (socket) => socket.end(),
  (socket, split) => socket.write(FINE.slice(0, split), () => socket.resetAndDestroy()),
  (socket, split) => socket.end(FINE.slice(0, split)),
  (socket) => socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
  (socket) => socket.write(`${FINE}HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"bad"`), // an answer nobody asked for
  (socket) => socket.write('HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n'),
  (socket) => socket.write('HTTP/1.1 429 Slow down\r\nretry-after: 60\r\ncontent-length: 0\r\n\r\n'),
  (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>'),
  (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n'),
  (socket) => socket.write('HTTP/1.1 103 Hints\r\n\r\n', () => socket.write(FINE)),
  () => undefined, // silence
];

/**
 * Calls against a server that misbehaves at random, with random aborts and short deadlines: every call settles once,
 * with the right value or a typed error, and nothing is left behind.
 */
export const fuzz: { name: string; run(seed: number, iterations: number): Promise<void> } = {
  name: 'http/faults',
  async run(seed, iterations) {
    const random = seededRandom(seed);
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      socket.on('data', (chunk) => {
        const requests = chunk.toString('latin1').split('\r\n\r\n').length - 1;
        for (let count = 0; count < requests && !socket.destroyed; count++) {
          FAULTS[Math.floor(random() * FAULTS.length)]?.(socket, 1 + Math.floor(random() * (FINE.length - 1)));
        }
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const pool = new HttpPool({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      maxConnections: 4,
      maxBodyBytes: 5000,
      retry: { baseDelayMs: 1, maxDelayMs: 4 },
    });
    const signals: AbortSignal[] = [];
    let settled = 0;
    let started = 0;
    const callOnce = async (index: number): Promise<void> => {
      const controller = new AbortController();
      signals.push(controller.signal);
      const isAborted = random() < 0.1;
      const call = pool.getJson(`/${index}?key=secret`, { signal: controller.signal, timeoutMs: 20 + random() * 80 });
      if (isAborted) setTimeout(() => controller.abort(), random() * 10);
      try {
        const value = await call;
        if (JSON.stringify(value) !== BODY) throw new TypeError(`call ${index} returned ${JSON.stringify(value)}`);
      } catch (error) {
        if (!(error instanceof HttpError)) throw error;
        if (`${error.message}${JSON.stringify(error)}`.includes('secret'))
          throw new TypeError('a secret is in an error', { cause: error });
      }
      settled++;
    };
    // More lanes than connections, so that some calls wait in the queue.
    const lane = async (): Promise<void> => {
      while (started < iterations) await callOnce(started++);
    };
    try {
      await Promise.all(Array.from({ length: 8 }, lane));
      await pool.close();
    } finally {
      await pool.destroy();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    }
    const { active, queued, succeeded, failed } = pool.stats();
    const listeners = signals.reduce((sum, signal) => sum + getEventListeners(signal, 'abort').length, 0);
    if (
      active !== 0 ||
      queued !== 0 ||
      listeners !== 0 ||
      settled !== iterations ||
      succeeded + failed !== iterations
    ) {
      throw new Error(
        `left behind: ${JSON.stringify({ active, queued, listeners, settled, succeeded, failed, iterations })}`,
      );
    }
  },
};

import type { Socket } from 'node:net';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, onTestFinished, test } from 'vitest';
import type { WebSocket } from 'ws';
import { FeedLog } from '../testing/feed-log.ts';
import { Signal, failureOf, serveHttp, serveWebSocket } from '../testing/servers.ts';

/** The TCP socket under a server's WebSocket. */
const socketOf = (socket: WebSocket): Socket => (socket as unknown as { _socket: Socket })._socket;

test.each([
  ['a reset', (socket: WebSocket) => socketOf(socket).resetAndDestroy(), 1006, ''],
  ['a FIN without close frame', (socket: WebSocket) => socketOf(socket).end(), 1006, ''],
  ['a restart announced by 1012', (socket: WebSocket) => socket.close(1012, 'restart'), 1012, 'restart'],
  ['a normal close', (socket: WebSocket) => socket.close(1000), 1000, ''],
])('reconnects at once after %s', async (_name, end, code, reason) => {
  let connections = 0;
  const server = await serveWebSocket((socket) => {
    connections++;
    socket.on('message', () => (connections === 1 ? end(socket) : socket.send('back')));
  });
  const log = new FeedLog({
    url: server.url,
    // Only the first reconnect is made without a delay; a second one would hang the test here.
    reconnect: { minDelayMs: 1e9, maxDelayMs: 1e9 },
    subscriptions: ['a'],
    subscribeFrame: String,
  });
  await log.feed.connect();
  await log.nth('message', 1);
  expect(log.of('close').map(({ info }) => info)).toEqual([{ code, reason, willReconnect: true }]);
  expect(log.states()).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open']);
  expect(log.feed.stats).toMatchObject({ opens: 2, reconnects: 1 });
});

test('comes back when the server was killed and started again at the same port', async () => {
  const first = await serveWebSocket((socket) => socket.send('first'));
  const log = new FeedLog({ url: first.url });
  await log.feed.connect();
  await log.nth('message', 1);
  await first.close();
  // Refused at least once while nobody listens.
  await log.nth('error', 2);
  await serveWebSocket((socket) => socket.send('second'), first.port);
  await log.nth('message', 2);
  expect(log.messages()).toEqual(['first', 'second']);
  expect((await log.nth('open', 2)).info.attempt).toBeGreaterThan(1);
});

test('finds a half-open connection by its missing pong, and reconnects', async () => {
  let connections = 0;
  const server = await serveWebSocket((socket) => {
    connections++;
    // Reads nothing from here on, so it answers no ping; the connection stays.
    if (connections === 1) socket.pause();
  });
  const log = new FeedLog({ url: server.url, heartbeatIntervalMs: 50, staleAfterMs: 0 });
  await log.feed.connect();
  await log.nth('open', 2);
  expect(log.of('error')[0]?.error).toMatchObject({ code: 'ERR_PERF_HTTP_HEARTBEAT', url: `${server.url}/` });
  expect(log.of('close')[0]?.info).toMatchObject({ code: 1006, willReconnect: true });
  expect(log.feed.stats.heartbeatDrops).toBe(1);
});

test('a connection that answers pings stays', async () => {
  const pings = new Signal();
  let count = 0;
  const server = await serveWebSocket((socket) => {
    socket.on('ping', () => {
      if (++count === 3) pings.resolve();
    });
  });
  const log = new FeedLog({ url: server.url, heartbeatIntervalMs: 200, staleAfterMs: 0 });
  await log.feed.connect();
  await pings.promise;
  expect(log.feed.state).toBe('open');
  expect(log.feed.stats).toMatchObject({ opens: 1, heartbeatDrops: 0 });
  expect(log.feed.stats.pingsSent).toBeGreaterThanOrEqual(3);
  expect(log.feed.stats.pongsReceived).toBeGreaterThanOrEqual(2);
});

test('a blocked event loop is not taken for a dead connection', async () => {
  const server = await serveWebSocket(() => undefined);
  const log = new FeedLog({ url: server.url, heartbeatIntervalMs: 30, staleAfterMs: 0 });
  await log.feed.connect();
  for (let block = 0; block < 3; block++) {
    const until = performance.now() + 100;
    while (performance.now() < until);
    // One turn for the ping to go out and one for the pong to come, both ends being in this process.
    for (let turn = 0; turn < 4; turn++) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }
  expect(log.feed.stats).toMatchObject({ opens: 1, heartbeatDrops: 0 });
});

test('answers the pings of the server', async () => {
  const ponged = new Signal<string>();
  const server = await serveWebSocket((socket) => {
    socket.on('pong', (data) => ponged.resolve(data.toString()));
    socket.ping('1699');
  });
  const log = new FeedLog({ url: server.url });
  await log.feed.connect();
  expect(await ponged.promise).toBe('1699');
});

test('drops a connection that answers pings but sends no messages', async () => {
  let connections = 0;
  const server = await serveWebSocket((socket) => {
    if (++connections === 2) socket.send('alive');
  });
  const stale: unknown[] = [];
  const listener = (event: unknown): void => {
    if ((event as { url: string }).url === `${server.url}/`) stale.push(event);
  };
  subscribe('perf:feed:stale', listener);
  onTestFinished(() => {
    unsubscribe('perf:feed:stale', listener);
  });
  const log = new FeedLog({ url: server.url, heartbeatIntervalMs: 200, staleAfterMs: 700 });
  await log.feed.connect();
  await log.nth('message', 1);
  expect(log.of('error')[0]?.error.code).toBe('ERR_PERF_HTTP_STALE');
  expect(log.feed.stats.staleDrops).toBeGreaterThanOrEqual(1);
  expect(stale.length).toBeGreaterThanOrEqual(1);
});

test('silence is no fault while nothing is subscribed', async () => {
  const pings = new Signal();
  let count = 0;
  const server = await serveWebSocket((socket) => {
    socket.on('ping', () => {
      if (++count === 3) pings.resolve();
    });
  });
  const log = new FeedLog({ url: server.url, heartbeatIntervalMs: 200, staleAfterMs: 50, subscribeFrame: String });
  await log.feed.connect();
  await pings.promise;
  expect(log.feed.stats).toMatchObject({ opens: 1, staleDrops: 0 });
});

test('a message that is too large ends the connection with 1009, is counted, and the feed comes back', async () => {
  const codes: number[] = [];
  let connections = 0;
  const server = await serveWebSocket((socket) => {
    socket.on('close', (code) => codes.push(code));
    socket.send(++connections === 1 ? 'x'.repeat(1001) : 'x'.repeat(1000));
  });
  const log = new FeedLog({ url: server.url, maxMessageBytes: 1000 });
  await log.feed.connect();
  await log.nth('message', 1);
  expect(codes).toEqual([1009]);
  expect(log.of('error')[0]?.error.code).toBe('ERR_PERF_HTTP_FRAME_TOO_LARGE');
  expect(log.of('close')[0]?.info.code).toBe(1009);
  expect(log.feed.stats).toMatchObject({ tooLarge: 1, reconnects: 1 });
});

test.each([
  ['bad UTF-8', Buffer.from([0x81, 0x02, 0xc3, 0x28]), 1007],
  ['a reserved opcode', Buffer.from([0x83, 0x00]), 1002],
])('%s is a protocol error', async (_name, bytes, code) => {
  let connections = 0;
  const server = await serveWebSocket((socket) => {
    if (++connections === 1) socketOf(socket).write(bytes);
  });
  const log = new FeedLog({ url: server.url });
  await log.feed.connect();
  await log.nth('open', 2);
  expect(log.of('error')[0]?.error.code).toBe('ERR_PERF_HTTP_PROTOCOL');
  expect(log.of('close')[0]?.info.code).toBe(code);
});

test('an answer other than 101 is a failed attempt with its status, and its Retry-After is kept', async () => {
  const askedAt: number[] = [];
  const server = await serveHttp(() => undefined);
  server.server.on('upgrade', (_request, socket) => {
    askedAt.push(performance.now());
    socket.end('HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n');
  });
  const log = new FeedLog({ url: server.url.replace('http', 'ws'), reconnect: { minDelayMs: 1, maxAttempts: 2 } });
  const error = await failureOf(log.feed.connect());
  expect(error).toMatchObject({
    code: 'ERR_PERF_HTTP_RECONNECT_LIMIT',
    cause: { code: 'ERR_PERF_HTTP_CONNECT', status: 429 },
  });
  expect((askedAt[1] as number) - (askedAt[0] as number)).toBeGreaterThanOrEqual(1000);
});

test('gives up after maxAttempts in a row and closes', async () => {
  const server = await serveHttp(() => undefined);
  await server.close();
  const log = new FeedLog({
    url: server.url.replace('http', 'ws'),
    reconnect: { minDelayMs: 1, maxDelayMs: 2, maxAttempts: 3 },
  });
  expect(await failureOf(log.feed.connect())).toMatchObject({ code: 'ERR_PERF_HTTP_RECONNECT_LIMIT' });
  expect(log.feed.state).toBe('closed');
  expect(log.feed.stats.attempts).toBe(3);
  expect(log.of('error').map(({ error }) => error.code)).toEqual([
    'ERR_PERF_HTTP_CONNECT',
    'ERR_PERF_HTTP_CONNECT',
    'ERR_PERF_HTTP_CONNECT',
    'ERR_PERF_HTTP_RECONNECT_LIMIT',
  ]);
});

test('a server that takes connections and hangs up is called with growing delays', async () => {
  const server = await serveWebSocket((socket) => socket.terminate());
  const delays: number[] = [];
  const enough = new Signal();
  const listener = (event: unknown): void => {
    const { url, delayMs } = event as { url: string; delayMs: number };
    if (url === `${server.url}/`) delays.push(delayMs);
    if (delays.length === 6) enough.resolve();
  };
  subscribe('perf:feed:reconnect', listener);
  onTestFinished(() => {
    unsubscribe('perf:feed:reconnect', listener);
  });
  const log = new FeedLog({ url: server.url, reconnect: { minDelayMs: 2, maxDelayMs: 8 } });
  await log.feed.connect();
  await enough.promise;
  expect(delays[0]).toBe(0);
  [2, 4, 8, 8, 8].forEach((range, index) => {
    expect(delays[index + 1]).toBeGreaterThanOrEqual(0);
    expect(delays[index + 1]).toBeLessThanOrEqual(range);
  });
});

test('a handshake that is never answered ends by connectTimeoutMs', async () => {
  let upgrades = 0;
  const server = await serveHttp(() => undefined);
  server.server.on('upgrade', () => upgrades++);
  const log = new FeedLog({
    url: server.url.replace('http', 'ws'),
    connectTimeoutMs: 50,
    reconnect: { maxAttempts: 1 },
  });
  const error = await failureOf(log.feed.connect());
  expect((error.cause as Error).message).toContain('no connection within 50 ms');
  expect(upgrades).toBe(1);
});

test('a url function that never answers ends by connectTimeoutMs', async () => {
  const log = new FeedLog({
    url: () => new Promise<string>(() => undefined),
    connectTimeoutMs: 30,
    reconnect: { maxAttempts: 2, minDelayMs: 1 },
  });
  expect(await failureOf(log.feed.connect())).toMatchObject({ code: 'ERR_PERF_HTTP_RECONNECT_LIMIT' });
});

test.each(['close', 'destroy'] as const)('%s settles everything while connecting', async (end) => {
  const server = await serveHttp(() => undefined);
  const upgraded = new Signal<Socket>();
  server.server.on('upgrade', (_request, socket) => upgraded.resolve(socket as Socket));
  const log = new FeedLog({ url: server.url.replace('http', 'ws') });
  const connecting = failureOf(log.feed.connect());
  const socket = await upgraded.promise;
  const gone = new Promise((resolve) => {
    socket.on('end', resolve).on('close', resolve).resume();
  });
  await log.feed[end]();
  expect(await connecting).toMatchObject({ code: 'ERR_PERF_HTTP_CLOSED' });
  expect(log.feed.state).toBe('closed');
  await gone;
});

test.each(['close', 'destroy'] as const)('%s settles everything while waiting to reconnect', async (end) => {
  const server = await serveHttp(() => undefined);
  await server.close();
  const log = new FeedLog({ url: server.url.replace('http', 'ws'), reconnect: { minDelayMs: 1e9, maxDelayMs: 1e9 } });
  const connecting = failureOf(log.feed.connect());
  await log.nth('error', 2);
  expect(log.feed.state).toBe('waiting');
  await log.feed[end]();
  expect(await connecting).toMatchObject({ code: 'ERR_PERF_HTTP_CLOSED' });
  await log.feed.close();
});

test('destroy drops an open connection at once and reports it closed, once', async () => {
  const closed = new Signal<number>();
  const server = await serveWebSocket((socket) => socket.on('close', (code) => closed.resolve(code)));
  const log = new FeedLog({ url: server.url });
  await log.feed.connect();
  log.feed.destroy();
  log.feed.destroy();
  expect(log.feed.state).toBe('closed');
  expect(log.of('close').map(({ info }) => info)).toEqual([
    { code: 1006, reason: 'destroyed by the caller', willReconnect: false },
  ]);
  expect(await closed.promise).toBe(1006);
});

test('close does not wait for a server that never answers the close frame', async () => {
  const server = await serveWebSocket((socket) => socket.pause());
  const log = new FeedLog({ url: server.url });
  await log.feed.connect();
  const again = log.feed.close();
  await log.feed.close();
  await again;
  expect(log.feed.state).toBe('closed');
});

import { getEventListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { Signal, failureOf, sendJson, serveHttp, serveTcp } from '../testing/servers.ts';
import { HttpPool } from './http-pool.ts';
import type { HttpPoolOptions } from './options.ts';

function poolFor(options: HttpPoolOptions): HttpPool {
  const pool = new HttpPool(options);
  onTestFinished(() => pool.destroy());
  return pool;
}

/** Never answers; resolves `asked` with each request's response. */
async function silent(onRequest: (response: ServerResponse) => void = () => undefined) {
  const closed = new Signal();
  const server = await serveHttp((_request, response) => {
    response.on('close', () => closed.resolve());
    onRequest(response);
  });
  return { server, closed };
}

test('the deadline ends a call that gets no headers, and frees its connection', async () => {
  const { server, closed } = await silent();
  const pool = poolFor({ baseUrl: server.url, timeoutMs: 500 });
  const error = await failureOf(pool.getJson('/a?key=1'));
  expect(error).toMatchObject({ code: 'ERR_PERF_HTTP_TIMEOUT', phase: 'headers', url: `${server.url}/a` });
  await closed.promise;
  expect(pool.stats()).toMatchObject({ timeouts: 1, active: 0 });
});

test('the deadline ends a body that comes too slowly', async () => {
  const { server, closed } = await silent((response) => response.write('{'));
  const pool = poolFor({ baseUrl: server.url, timeoutMs: 500 });
  expect(await failureOf(pool.getJson('/'))).toMatchObject({ code: 'ERR_PERF_HTTP_TIMEOUT', phase: 'body' });
  await closed.promise;
});

test('the deadline ends a call that waits for a connection', async () => {
  const { server } = await silent();
  const pool = poolFor({ baseUrl: server.url, maxConnections: 1 });
  const first = failureOf(pool.getJson('/', { timeoutMs: 20_000 }));
  expect(await failureOf(pool.getJson('/', { timeoutMs: 30 }))).toMatchObject({
    code: 'ERR_PERF_HTTP_TIMEOUT',
    phase: 'queue',
  });
  expect(pool.stats()).toMatchObject({ queued: 0, active: 1 });
  await pool.destroy();
  expect(await first).toMatchObject({ code: 'ERR_PERF_HTTP_CLOSED', phase: 'headers' });
});

test('the time for headers is per attempt and may be retried; the deadline covers all of them', async () => {
  let requests = 0;
  const server = await serveHttp((_request, response) => {
    if (++requests > 1) sendJson(response, requests);
  });
  const pool = poolFor({ baseUrl: server.url, headersTimeoutMs: 200, maxRetries: 20, retry: { baseDelayMs: 1 } });
  const { value, attempts } = await pool.requestJson('GET', '/');
  expect(attempts).toBeGreaterThan(1);
  expect(value).toBe(attempts);
});

test('silence within a body ends the attempt', async () => {
  const { server } = await silent((response) => response.write('{'));
  const pool = poolFor({ baseUrl: server.url, bodyTimeoutMs: 50, maxRetries: 0 });
  const error = await failureOf(pool.getJson('/'));
  expect(error).toMatchObject({ code: 'ERR_PERF_HTTP_TIMEOUT', phase: 'body' });
  expect(error.message).toContain('nothing of the body for 50 ms');
});

test('a connection that does not come about in time is a timeout of the connect phase', async () => {
  // RFC 5737: an address that answers nothing. Where the machine has no route at all, it refuses at once instead.
  const pool = poolFor({ baseUrl: 'http://192.0.2.1:9', connectTimeoutMs: 100, maxRetries: 0 });
  const error = await failureOf(pool.getJson('/'));
  expect(error['phase']).toBe('connect');
  expect(['ERR_PERF_HTTP_TIMEOUT', 'ERR_PERF_HTTP_CONNECT']).toContain(error['code']);
});

test('an abort rejects at once with the reason, frees the connection and leaves no listener', async () => {
  const asked = new Signal();
  const { server, closed } = await silent(() => asked.resolve());
  const pool = poolFor({ baseUrl: server.url });
  const controller = new AbortController();
  const call = failureOf(pool.getJson('/', { signal: controller.signal }));
  await asked.promise;
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
  controller.abort(new Error('enough'));
  const error = await call;
  expect(error).toMatchObject({ code: 'ERR_PERF_HTTP_ABORTED', phase: 'headers' });
  expect((error.cause as Error).message).toBe('enough');
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  await closed.promise;
});

test('an abort takes a waiting call out of the queue, wherever in it, and the others keep their order', async () => {
  const responses: ServerResponse[] = [];
  const asked = new Signal();
  const order: string[] = [];
  const server = await serveHttp((request, response) => {
    order.push(request.url as string);
    if (request.url !== '/0') {
      sendJson(response, 1);
      return;
    }
    responses.push(response);
    asked.resolve();
  });
  const pool = poolFor({ baseUrl: server.url, maxConnections: 1 });
  const controllers = Array.from({ length: 6 }, () => new AbortController());
  const calls = controllers.map((controller, index) =>
    pool.getJson(`/${index}`, { signal: controller.signal }).catch((error: { code: string }) => error.code),
  );
  await asked.promise;
  for (const index of [1, 3, 5]) controllers[index]?.abort();
  expect(pool.stats().queued).toBe(2);
  sendJson(responses[0] as ServerResponse, 1);
  const aborted = 'ERR_PERF_HTTP_ABORTED';
  expect(await Promise.all(calls)).toEqual([1, aborted, 1, aborted, 1, aborted]);
  expect(order).toEqual(['/0', '/2', '/4']);
});

test('an abort while the connection is being opened settles the call and leaves the connection to the next', async () => {
  const order: string[] = [];
  const server = await serveHttp((request, response) => {
    order.push(request.url as string);
    sendJson(response, 1);
  });
  const pool = poolFor({ baseUrl: server.url, maxConnections: 1 });
  const controller = new AbortController();
  const call = failureOf(pool.getJson('/aborted', { signal: controller.signal }));
  controller.abort();
  expect(await call).toMatchObject({ code: 'ERR_PERF_HTTP_ABORTED', phase: 'connect' });
  expect(await pool.getJson('/next')).toBe(1);
  expect(order).toEqual(['/next']);
  expect(pool.stats().connectionsOpened).toBe(1);
});

test('an abort ends the wait before a retry', async () => {
  const controller = new AbortController();
  const server = await serveHttp((_request, response) => {
    response.writeHead(503, { 'retry-after': '20' });
    response.end('', () => setImmediate(() => controller.abort()));
  });
  const pool = poolFor({ baseUrl: server.url });
  // The answer may arrive after the abort; then the call is in the phase before.
  const error = await failureOf(pool.getJson('/', { signal: controller.signal }));
  expect(error['code']).toBe('ERR_PERF_HTTP_ABORTED');
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
});

test('a signal that was aborted before sends nothing', async () => {
  const pool = poolFor({ baseUrl: 'http://127.0.0.1:9' });
  expect(await failureOf(pool.getJson('/', { signal: AbortSignal.abort() }))).toMatchObject({
    code: 'ERR_PERF_HTTP_ABORTED',
  });
  expect(pool.stats().requests).toBe(0);
});

test('a success leaves no listener', async () => {
  const server = await serveHttp((_request, response) => sendJson(response, 1));
  const pool = poolFor({ baseUrl: server.url });
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 20 }, () => pool.getJson('/', { signal })));
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test.each([
  ['by its length', (response: ServerResponse) => response.writeHead(200, { 'content-length': '2000' }).write('x')],
  ['while it comes', (response: ServerResponse) => response.write('x'.repeat(2000))],
])('a body that is too large is refused %s', async (_name, answer) => {
  const { server, closed } = await silent(answer);
  const pool = poolFor({ baseUrl: server.url, maxBodyBytes: 1000 });
  expect(await failureOf(pool.getJson('/'))).toMatchObject({
    code: 'ERR_PERF_HTTP_BODY_TOO_LARGE',
    status: 200,
    attempts: 1,
  });
  await closed.promise;
});

test('a body of exactly maxBodyBytes passes', async () => {
  const server = await serveHttp((_request, response) => response.end('x'.repeat(1000)));
  const pool = poolFor({ baseUrl: server.url, maxBodyBytes: 1000 });
  expect((await pool.get('/')).body.length).toBe(1000);
});

test('headers that never end are refused', async () => {
  const server = await serveTcp((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    socket.write(`a: ${'x'.repeat(100_000)}\r\n`);
  });
  const pool = poolFor({ baseUrl: server.url });
  expect(await failureOf(pool.getJson('/'))).toMatchObject({ code: 'ERR_PERF_HTTP_SOCKET', attempts: 1 });
});

test('a full queue refuses at once', async () => {
  const { server } = await silent();
  const pool = poolFor({ baseUrl: server.url, maxConnections: 1, maxQueued: 2 });
  const calls = [1, 2, 3].map(() => failureOf(pool.getJson('/')));
  const error = await failureOf(pool.getJson('/'));
  expect(error).toMatchObject({ code: 'ERR_PERF_HTTP_QUEUE_FULL', phase: 'queue' });
  expect(pool.stats()).toMatchObject({ queued: 2, active: 3, refused: 1 });
  await pool.destroy();
  for (const failure of await Promise.all(calls)) expect(failure).toMatchObject({ code: 'ERR_PERF_HTTP_CLOSED' });
});

test('uses maxConnections to an origin, and never more', async () => {
  const held: ServerResponse[] = [];
  let most = 0;
  const server = await serveHttp((_request, response) => {
    held.push(response);
    most = Math.max(most, held.length);
    // A turn of the loop for a sixth request to arrive in, if there were one.
    if (held.length === 5) setImmediate(() => held.splice(0).forEach((waiting) => sendJson(waiting, 1)));
  });
  const pool = poolFor({ baseUrl: server.url, maxConnections: 5 });
  await Promise.all(Array.from({ length: 200 }, () => pool.getJson('/')));
  expect(most).toBe(5);
  expect(pool.stats().connectionsOpened).toBe(5);
});

test('close lets begun calls finish, queued ones too, and refuses new ones', async () => {
  const server = await serveHttp((_request, response) => setImmediate(() => sendJson(response, 1)));
  const pool = poolFor({ baseUrl: server.url, maxConnections: 1 });
  const calls = Promise.all([1, 2, 3].map(() => pool.getJson('/')));
  const closed = pool.close();
  expect(await failureOf(pool.getJson('/'))).toMatchObject({ code: 'ERR_PERF_HTTP_CLOSED' });
  expect(await calls).toEqual([1, 1, 1]);
  await closed;
  await pool.close();
  expect(pool.stats()).toMatchObject({ active: 0, connections: 0 });
});

test('destroy rejects every call, in whatever phase, exactly once', async () => {
  const { server } = await silent();
  const pool = poolFor({ baseUrl: server.url, maxConnections: 2 });
  const calls = Array.from({ length: 20 }, () => failureOf(pool.getJson('/')));
  const closing = pool.close();
  await pool.destroy();
  for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: 'ERR_PERF_HTTP_CLOSED' });
  await closing;
  expect(pool.stats()).toMatchObject({ active: 0, queued: 0, failed: 20 });
});

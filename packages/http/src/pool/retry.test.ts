import { expect, onTestFinished, test } from 'vitest';
import { failureOf, sendJson, serveHttp, serveTcp } from '../testing/servers.ts';
import { HttpPool } from './http-pool.ts';
import type { HttpPoolOptions } from './options.ts';

function poolFor(options: HttpPoolOptions): HttpPool {
  const pool = new HttpPool({ retry: { baseDelayMs: 1, maxDelayMs: 2 }, ...options });
  onTestFinished(() => pool.destroy());
  return pool;
}

/** Answers with the statuses in turn, then with 200 and the number of requests seen. */
function failing(statuses: readonly number[], headers: () => Record<string, string> = () => ({})) {
  const seenAt: number[] = [];
  const server = serveHttp((_request, response) => {
    seenAt.push(performance.now());
    const status = statuses[seenAt.length - 1];
    if (status === undefined) {
      sendJson(response, seenAt.length);
      return;
    }
    response.writeHead(status, headers());
    response.end('busy');
  });
  return { server, seenAt };
}

test.each([408, 425, 429, 500, 502, 503, 504])('retries %d until it passes', async (status) => {
  const { server } = failing([status, status]);
  const pool = poolFor({ baseUrl: (await server).url });
  const response = await pool.requestJson('GET', '/');
  expect(response).toMatchObject({ value: 3, attempts: 3 });
  expect(pool.stats()).toMatchObject({ requests: 1, retries: 2, succeeded: 1 });
});

test.each([400, 401, 403, 404, 418, 451, 501])('does not retry %d', async (status) => {
  const { server, seenAt } = failing([status]);
  const pool = poolFor({ baseUrl: (await server).url });
  expect(await failureOf(pool.getJson('/'))).toMatchObject({ code: 'ERR_PERF_HTTP_STATUS', status, attempts: 1 });
  expect(seenAt).toHaveLength(1);
});

test('gives up after maxRetries with the last answer', async () => {
  const { server, seenAt } = failing(Array.from({ length: 100 }, () => 503));
  const pool = poolFor({ baseUrl: (await server).url, maxRetries: 3 });
  expect(await failureOf(pool.getJson('/'))).toMatchObject({
    code: 'ERR_PERF_HTTP_STATUS',
    status: 503,
    attempts: 4,
    excerpt: 'busy',
  });
  expect(seenAt).toHaveLength(4);
  await failureOf(pool.getJson('/', { maxRetries: 0 }));
  expect(seenAt).toHaveLength(5);
});

test('with throwOnStatus false retries first and then returns the last answer', async () => {
  const { server } = failing(Array.from({ length: 100 }, () => 503));
  const pool = poolFor({ baseUrl: (await server).url, maxRetries: 1 });
  expect(await pool.get('/', { throwOnStatus: false })).toMatchObject({ status: 503, attempts: 2 });
});

test('sends a POST once, twice only when told that it is harmless, and a PUT once when told that it is not', async () => {
  const { server, seenAt } = failing([503]);
  const pool = poolFor({ baseUrl: (await server).url });
  expect(await failureOf(pool.post('/'))).toMatchObject({ status: 503, attempts: 1 });
  expect(seenAt).toHaveLength(1);
  const again = failing([503]);
  const second = poolFor({ baseUrl: (await again.server).url });
  expect((await second.post('/', { idempotent: true })).attempts).toBe(2);
  const third = failing([503]);
  const last = poolFor({ baseUrl: (await third.server).url });
  expect(await failureOf(last.put('/', { idempotent: false }))).toMatchObject({ attempts: 1 });
});

test('a POST whose connection breaks after it was sent is not sent again', async () => {
  let heads = 0;
  const server = await serveTcp((socket) => {
    heads++;
    socket.resetAndDestroy();
  });
  const pool = poolFor({ baseUrl: server.url });
  expect(await failureOf(pool.post('/', { json: 1 }))).toMatchObject({ code: 'ERR_PERF_HTTP_SOCKET', attempts: 1 });
  expect(heads).toBe(1);
});

test('waits at least the seconds of Retry-After, whatever the cap of the backoff', async () => {
  const { server, seenAt } = failing([429], () => ({ 'retry-after': '1' }));
  const pool = poolFor({ baseUrl: (await server).url });
  expect(await pool.getJson('/')).toBe(2);
  expect((seenAt[1] as number) - (seenAt[0] as number)).toBeGreaterThanOrEqual(1000);
});

test('waits until the date of Retry-After', async () => {
  let notBefore = 0;
  let askedAt = 0;
  const server = await serveHttp((_request, response) => {
    if (notBefore !== 0) {
      askedAt = Date.now();
      sendJson(response, 1);
      return;
    }
    notBefore = Math.ceil(Date.now() / 1000) * 1000 + 1000;
    response.writeHead(503, { 'retry-after': new Date(notBefore).toUTCString() });
    response.end();
  });
  const pool = poolFor({ baseUrl: server.url });
  await pool.getJson('/');
  expect(askedAt).toBeGreaterThanOrEqual(notBefore);
});

test('a Retry-After past the deadline fails at once and says so', async () => {
  const { server, seenAt } = failing([429, 429, 429], () => ({ 'retry-after': '60' }));
  const pool = poolFor({ baseUrl: (await server).url, timeoutMs: 10_000 });
  const startedAt = performance.now();
  const error = await failureOf(pool.getJson('/'));
  expect(error).toMatchObject({ code: 'ERR_PERF_HTTP_STATUS', status: 429, retryAfterMs: 60_000, attempts: 1 });
  expect(error.message).toMatch(/asks to wait 60000 ms, and the deadline is in \d+ ms/);
  expect(performance.now() - startedAt).toBeLessThan(5000);
  expect(seenAt).toHaveLength(1);
});

test('a Retry-After in the past or absurd is no way around the backoff or the deadline', async () => {
  const past = failing([503], () => ({ 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' }));
  expect(await poolFor({ baseUrl: (await past.server).url }).getJson('/')).toBe(2);
  const absurd = failing([503], () => ({ 'retry-after': '99999999999999999999999' }));
  const error = await failureOf(poolFor({ baseUrl: (await absurd.server).url }).getJson('/'));
  expect(error).toMatchObject({ code: 'ERR_PERF_HTTP_STATUS', attempts: 1 });
});

test('a wait that would end after the deadline is not begun', async () => {
  const { server } = failing([503, 503, 503]);
  const pool = poolFor({
    baseUrl: (await server).url,
    timeoutMs: 1000,
    retry: { baseDelayMs: 1e9, maxDelayMs: 1e9 },
  });
  expect(await failureOf(pool.getJson('/'))).toMatchObject({ code: 'ERR_PERF_HTTP_STATUS', attempts: 1 });
});

test('retries broken connections of any kind', async () => {
  const server = await serveTcp((socket, _head, index) => {
    if (index === 0) socket.resetAndDestroy();
    else if (index === 1) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"a"');
    else if (index === 2) socket.end('HTTP/1.1 200 OK\r\ncontent-le');
    else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n{"a":1}');
  });
  const pool = poolFor({ baseUrl: server.url, maxRetries: 5 });
  expect(await pool.requestJson('GET', '/')).toMatchObject({ value: { a: 1 }, attempts: 4 });
});

test('sends again for free where a reused connection is closed under the request', async () => {
  const server = await serveTcp((socket, _head, index) => {
    // The second request finds the connection of the first one dying.
    if (index === 1) socket.resetAndDestroy();
    else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1');
  });
  const pool = poolFor({ baseUrl: server.url, maxConnections: 1, maxRetries: 0 });
  await pool.getJson('/');
  expect(await pool.requestJson('GET', '/')).toMatchObject({ value: 1, attempts: 1 });
  expect(pool.stats()).toMatchObject({ replays: 1, retries: 0, connectionsOpened: 2 });
});

test('the free replay is used once, and never for a POST', async () => {
  const server = await serveTcp((socket, head, index) => {
    if (index === 0 || head.startsWith('GET /fine')) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1');
    else socket.resetAndDestroy();
  });
  const pool = poolFor({ baseUrl: server.url, maxConnections: 1, maxRetries: 0 });
  await pool.getJson('/');
  expect(await failureOf(pool.getJson('/'))).toMatchObject({ code: 'ERR_PERF_HTTP_SOCKET' });
  expect(pool.stats().replays).toBe(1);
  await pool.getJson('/fine');
  expect(await failureOf(pool.post('/'))).toMatchObject({ code: 'ERR_PERF_HTTP_SOCKET' });
  expect(pool.stats().replays).toBe(1);
});

test('nothing listening is a connect error; it may be retried even for a POST, because nothing was sent', async () => {
  const server = await serveHttp(() => undefined);
  await server.close();
  const pool = poolFor({ baseUrl: server.url, maxRetries: 2 });
  const error = await failureOf(pool.post('/?key=secret', { json: 1 }));
  expect(error).toMatchObject({ code: 'ERR_PERF_HTTP_CONNECT', phase: 'connect', attempts: 3 });
  expect(error.message).not.toContain('secret');
  expect((error.cause as { code?: string }).code).toBe('ECONNREFUSED');
});

test('what is not HTTP is not asked for again', async () => {
  let heads = 0;
  const server = await serveTcp((socket) => {
    heads++;
    socket.end('SSH-2.0-OpenSSH\r\n');
  });
  const pool = poolFor({ baseUrl: server.url });
  expect(await failureOf(pool.getJson('/'))).toMatchObject({ code: 'ERR_PERF_HTTP_SOCKET', attempts: 1 });
  expect(heads).toBe(1);
});

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { failureOf, sendJson, serveHttp } from '../testing/servers.ts';
import { HttpPool } from './http-pool.ts';
import type { HttpPoolOptions } from './options.ts';
import type { HttpRequestEvent } from './request-event.ts';

function poolFor(options: HttpPoolOptions): HttpPool {
  const pool = new HttpPool(options);
  onTestFinished(() => pool.destroy());
  return pool;
}

test('getJson returns the parsed body of a path below the base, with its query', async () => {
  const server = await serveHttp((request, response) => sendJson(response, { url: request.url }));
  const pool = poolFor({ baseUrl: `${server.url}/api/` });
  expect(await pool.getJson('/depth', { query: { symbol: 'BTCUSDT', limit: 5 } })).toEqual({
    url: '/api/depth?symbol=BTCUSDT&limit=5',
  });
});

test('takes absolute URLs, as text and as URL', async () => {
  const server = await serveHttp((request, response) => sendJson(response, request.url));
  const pool = poolFor({});
  expect(await pool.getJson(`${server.url}/a?b=c`)).toBe('/a?b=c');
  expect(await pool.getJson(`${server.url}/a?b=c`)).toBe('/a?b=c');
  expect(await pool.getJson(new URL(`${server.url}/ü`))).toBe('/%C3%BC');
});

test('requestJson gives status and headers beside the value', async () => {
  const server = await serveHttp((_request, response) => sendJson(response, [1], { 'X-MBX-USED-WEIGHT-1M': '17' }));
  const pool = poolFor({ baseUrl: server.url });
  const response = await pool.requestJson<number[]>('GET', '/');
  expect(response).toMatchObject({ status: 200, value: [1], attempts: 1 });
  expect(response.headers['x-mbx-used-weight-1m']).toBe('17');
});

test.each(['post', 'put', 'patch', 'delete'] as const)('%s sends a JSON body', async (method) => {
  const server = await serveHttp(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    sendJson(response, { method: request.method, type: request.headers['content-type'], text });
  });
  const pool = poolFor({ baseUrl: server.url });
  const response = await pool[method]('/', { json: { a: 1 } });
  expect(response.json()).toEqual({ method: method.toUpperCase(), type: 'application/json', text: '{"a":1}' });
});

test('sends text and bytes as they are', async () => {
  const server = await serveHttp(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    response.end(text);
  });
  const pool = poolFor({ baseUrl: server.url });
  expect((await pool.post('/', { body: 'a=1' })).text()).toBe('a=1');
  expect((await pool.post('/', { body: new TextEncoder().encode('b=2') })).text()).toBe('b=2');
});

test('joins a body that comes in many chunks, characters split between them', async () => {
  const text = JSON.stringify({ text: 'ü€😀'.repeat(5000) });
  const server = await serveHttp(async (_request, response) => {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += 1777) {
      await new Promise((resolve) => {
        response.write(bytes.subarray(at, at + 1777), resolve);
      });
    }
    response.end();
  });
  const pool = poolFor({ baseUrl: server.url });
  expect(await pool.getJson('/')).toEqual(JSON.parse(text));
});

test('reads JSON behind a byte order mark', async () => {
  const server = await serveHttp((_request, response) => response.end('\ufeff{"a":1}'));
  const pool = poolFor({ baseUrl: server.url });
  expect(await pool.getJson('/')).toEqual({ a: 1 });
});

test('a small body does not keep the slab alive that it was read into', async () => {
  const server = await serveHttp((_request, response) => response.end('small'));
  const pool = poolFor({ baseUrl: server.url });
  const { body } = await pool.get('/');
  expect(body.toString()).toBe('small');
  expect(body.buffer.byteLength).toBe(5);
});

test('HEAD has headers and no body, whatever the length it names', async () => {
  const server = await serveHttp((_request, response) => {
    response.writeHead(200, { 'content-length': '999999999' });
    response.end();
  });
  const pool = poolFor({ baseUrl: server.url, maxBodyBytes: 10 });
  const response = await pool.request('head', '/');
  expect(response.headers['content-length']).toBe('999999999');
  expect(response.body.length).toBe(0);
});

test('passes over informational answers', async () => {
  const server = await serveHttp((_request, response) => {
    response.writeEarlyHints({ link: '</a>; rel=preload' });
    sendJson(response, 1);
  });
  const pool = poolFor({ baseUrl: server.url });
  expect(await pool.requestJson('GET', '/')).toMatchObject({ status: 200, value: 1 });
});

test('another status is an error with status, headers and excerpt, and without query or cookies', async () => {
  const server = await serveHttp((_request, response) => {
    response.writeHead(418, { 'set-cookie': 'session=secret', 'content-type': 'application/json' });
    response.end(`{"code":-1003,"msg":"${'x'.repeat(5000)}"}`);
  });
  const pool = poolFor({ baseUrl: server.url });
  const error = await failureOf(pool.getJson('/order?signature=secret'));
  expect(error).toMatchObject({
    name: 'HttpError',
    code: 'ERR_PERF_HTTP_STATUS',
    status: 418,
    method: 'GET',
    url: `${server.url}/order`,
    attempts: 1,
    contentType: 'application/json',
  });
  expect(error['excerpt']).toHaveLength(512);
  expect(error['excerpt']).toContain('-1003');
  expect(JSON.stringify(error) + error.message + error.stack).not.toContain('secret');
});

test('throwOnStatus false returns the answer instead', async () => {
  const server = await serveHttp((_request, response) => {
    response.statusCode = 404;
    response.end('{"msg":"none"}');
  });
  const pool = poolFor({ baseUrl: server.url });
  const response = await pool.get('/', { throwOnStatus: false });
  expect(response.status).toBe(404);
  expect(response.json()).toEqual({ msg: 'none' });
  expect(await pool.requestJson('GET', '/', { throwOnStatus: false })).toMatchObject({ status: 404 });
});

test('says where a redirect leads, without its query', async () => {
  const server = await serveHttp((_request, response) => {
    response.writeHead(302, { location: 'https://example.com/new?token=secret' });
    response.end();
  });
  const pool = poolFor({ baseUrl: server.url });
  const error = await failureOf(pool.getJson('/'));
  expect(error.message).toContain('https://example.com/new');
  expect(error.message).not.toContain('secret');
});

test.each([
  ['HTML', 'text/html', Buffer.from('<html>Maintenance</html>'), /text\/html that is not JSON/],
  ['nothing', 'application/json', Buffer.alloc(0), /an empty body/],
  ['half a document', 'application/json', Buffer.from('{"a":'), /application\/json that is not JSON/],
])('%s instead of JSON is an error that shows it', async (_name, type, body, message) => {
  const server = await serveHttp((_request, response) => {
    response.setHeader('content-type', type);
    response.end(body);
  });
  const pool = poolFor({ baseUrl: server.url });
  const error = await failureOf(pool.getJson('/x?key=1'));
  expect(error).toMatchObject({ code: 'ERR_PERF_HTTP_JSON', status: 200, contentType: type, url: `${server.url}/x` });
  expect(error['excerpt']).toBe(body.toString());
  expect(error.message).toMatch(message);
  expect(error.cause).toBeInstanceOf(SyntaxError);
});

test('names a content encoding that nobody asked for', async () => {
  const server = await serveHttp((_request, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync('{}'));
  });
  const pool = poolFor({ baseUrl: server.url });
  expect((await failureOf(pool.getJson('/'))).message).toContain('content-encoding gzip');
});

test('a response parses on demand, and says the same of what is not JSON', async () => {
  const server = await serveHttp((_request, response) => response.end('<p>'));
  const pool = poolFor({ baseUrl: server.url });
  const response = await pool.get('/x?key=1');
  expect(() => response.json()).toThrow(
    expect.objectContaining({ code: 'ERR_PERF_HTTP_JSON', url: `${server.url}/x` }),
  );
});

test('the pool’s headers stay with the base’s origin', async () => {
  const home = await serveHttp((request, response) => sendJson(response, request.headers));
  const foreign = await serveHttp((request, response) => sendJson(response, request.headers));
  const pool = poolFor({ baseUrl: home.url, headers: { 'X-MBX-APIKEY': 'secret' } });
  expect(await pool.getJson('/', { headers: { accept: 'a/b' } })).toMatchObject({
    'x-mbx-apikey': 'secret',
    accept: 'a/b',
    'user-agent': 'perf-http',
  });
  expect(await pool.getJson(`${foreign.url}/`)).not.toHaveProperty('x-mbx-apikey');
});

test.each([
  ['maxConnection', { maxConnection: 5 }, /did you mean "maxConnections"/],
  ['maxConnections', { maxConnections: 0 }, /"maxConnections" must be an integer from 1/],
  ['baseDelayMs', { retry: { baseDelayMs: -1 } }, /"baseDelayMs"/],
  ['headers', { headers: { a: 1 } }, /must have strings as values/],
  ['baseUrl', { baseUrl: '' }, /"baseUrl" must be a non-empty string/],
])('refuses the option %s at construction', (option, options, message) => {
  expect(() => new HttpPool(options as HttpPoolOptions)).toThrow(
    expect.objectContaining({
      code: 'ERR_PERF_HTTP_OPTION',
      option,
      message: expect.stringMatching(message) as string,
    }),
  );
});

test.each([
  ['timeoutMs', { timeoutMs: 0 }],
  ['timeout', { timeout: 5 }],
  ['signal', { signal: 1 }],
  ['json', { json: 1, body: 'a' }],
  ['json', { json: 1n }],
])('a call with a wrong %s rejects without sending', async (option, options) => {
  const pool = poolFor({ baseUrl: 'http://127.0.0.1:9' });
  const error = await failureOf(pool.post('/', options as object));
  expect(error).toMatchObject({ code: 'ERR_PERF_HTTP_OPTION', option });
  expect(pool.stats().requests).toBe(0);
});

test('a header that HTTP does not allow rejects the call, and the pool goes on', async () => {
  const server = await serveHttp((_request, response) => sendJson(response, 1));
  const pool = poolFor({ baseUrl: server.url, maxConnections: 1 });
  const calls = Array.from({ length: 2000 }, () => failureOf(pool.getJson('/', { headers: { a: 'x\r\ny: z' } })));
  for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: 'ERR_PERF_HTTP_OPTION' });
  expect(await pool.getJson('/')).toBe(1);
});

test('publishes each settled call on perf:http:request', async () => {
  const server = await serveHttp((_request, response) => sendJson(response, [1, 2]));
  const events: HttpRequestEvent[] = [];
  const listener = (event: unknown): void => {
    const request = event as HttpRequestEvent;
    if (request.url.startsWith(server.url)) events.push(request);
  };
  subscribe('perf:http:request', listener);
  onTestFinished(() => {
    unsubscribe('perf:http:request', listener);
  });
  const pool = poolFor({ baseUrl: server.url });
  await pool.getJson('/a?secret=1');
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ method: 'GET', url: `${server.url}/a`, status: 200, attempts: 1, bodyBytes: 5 });
  expect(events[0]?.durationMs).toBeGreaterThan(0);
});

test('counts what it does', async () => {
  const server = await serveHttp((request, response) => {
    if (request.url === '/404') {
      response.statusCode = 404;
      response.end();
    } else sendJson(response, 1);
  });
  const pool = poolFor({ baseUrl: server.url, maxConnections: 2 });
  await Promise.all(Array.from({ length: 10 }, () => pool.getJson('/')));
  await failureOf(pool.getJson('/404'));
  expect(pool.stats()).toMatchObject({
    requests: 11,
    succeeded: 10,
    failed: 1,
    bytesReceived: 10,
    connectionsOpened: 2,
    connections: 2,
    active: 0,
    queued: 0,
  });
});

test('closes the origin that was idle to stay within maxOrigins', async () => {
  const servers = await Promise.all([1, 2, 3].map(() => serveHttp((_request, response) => sendJson(response, 1))));
  const pool = poolFor({ maxOrigins: 2 });
  for (const server of servers) await pool.getJson(`${server.url}/`);
  for (const server of servers) expect(await pool.getJson(`${server.url}/`)).toBe(1);
});

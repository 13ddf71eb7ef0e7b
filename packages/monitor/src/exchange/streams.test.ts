import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Exchange } from './exchange.ts';
import { StreamClient } from './testing/stream-client.ts';

const exchange = new Exchange({ symbols: ['BTCUSDT', 'ETHUSDT'], ratePerSecond: 1000 });
let url = '';

beforeAll(async () => {
  ({ url } = await exchange.listen());
});
afterAll(() => exchange.close());

const streamOf = ({ stream }: Record<string, unknown>): string => String(stream);

describe('stream addresses', () => {
  test('/ws/<stream> sends bare messages of that stream', async () => {
    await using client = await StreamClient.open(url, '/ws/btcusdt@bookTicker');
    for (let count = 0; count < 3; count++)
      expect(await client.next()).toMatchObject({ e: 'bookTicker', s: 'BTCUSDT' });
  });

  test('/ws/<stream>/<stream> sends bare messages of both', async () => {
    await using client = await StreamClient.open(url, '/ws/btcusdt@depth@100ms/ethusdt%40aggTrade');
    const kinds = new Set<string>();
    await client.find(({ e, s }) => kinds.add(`${String(s)} ${String(e)}`).size === 2);
    expect([...kinds].sort()).toEqual(['BTCUSDT depthUpdate', 'ETHUSDT aggTrade']);
  });

  test('/stream?streams= sends combined messages of all', async () => {
    const names = [
      'btcusdt@depth',
      'btcusdt@depth@0ms',
      'btcusdt@depth@500ms',
      'ethusdt@bookTicker',
      'btcusdt@aggTrade',
    ];
    await using client = await StreamClient.open(url, `/stream?streams=${names.join('/')}`);
    const missing = new Set(names);
    await client.find((message) => {
      expect(Object.keys(message)).toEqual(['stream', 'data']);
      missing.delete(streamOf(message));
      return missing.size === 0;
    });
  });

  test('/public pushes books only, /market trades only', async () => {
    const streams = '?streams=btcusdt@bookTicker/btcusdt@aggTrade';
    await using books = await StreamClient.open(url, `/public/stream${streams}`);
    await using trades = await StreamClient.open(url, `/market/stream${streams}`);
    for (let count = 0; count < 20; count++) {
      expect(streamOf(await books.next())).toBe('btcusdt@bookTicker');
      expect(streamOf(await trades.next())).toBe('btcusdt@aggTrade');
    }
  });

  test.each([
    ['/nope', 404],
    ['/', 404],
    ['/streams', 404],
    ['/ws/@@@', 400],
    ['/ws/%E0%A4%A', 400],
    ['/stream?streams=btcusdt@depth,ethusdt@depth', 400],
  ])('refuses to upgrade %s with %i', async (path, status) => {
    const ws = new WebSocket(url.replace('http', 'ws') + path);
    const [, response] = (await once(ws, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(status);
    ws.on('error', () => {});
    ws.terminate();
  });
});

describe('requests over a connection', () => {
  test('subscribe and unsubscribe while it runs', async () => {
    await using client = await StreamClient.open(url, '/stream');
    expect(
      await client.ask({ method: 'SUBSCRIBE', params: ['btcusdt@aggTrade', 'btcusdt@depth@100ms'], id: 1 }),
    ).toEqual({ result: null, id: 1 });
    await client.find((message) => streamOf(message) === 'btcusdt@aggTrade');
    await client.find((message) => streamOf(message) === 'btcusdt@depth@100ms');
    await client.ask({ method: 'UNSUBSCRIBE', params: ['btcusdt@aggTrade'], id: 2 });
    expect(await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 3 })).toEqual({
      result: ['btcusdt@depth@100ms'],
      id: 3,
    });
    for (let count = 0; count < 3; count++) expect(streamOf(await client.next())).toBe('btcusdt@depth@100ms');
  });

  test('switch between bare and combined messages', async () => {
    await using client = await StreamClient.open(url, '/ws/btcusdt@bookTicker');
    await client.find(({ e }) => e === 'bookTicker');
    await client.ask({ method: 'SET_PROPERTY', params: ['combined', true], id: 1 });
    expect(await client.next()).toMatchObject({ stream: 'btcusdt@bookTicker', data: { e: 'bookTicker' } });
  });

  test('accept a stream that does not exist and stay silent', async () => {
    await using client = await StreamClient.open(url, '/ws');
    expect(await client.ask({ method: 'SUBSCRIBE', params: ['nopeusdt@depth'], id: 1 })).toEqual({
      result: null,
      id: 1,
    });
    expect(await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 2 })).toEqual({ result: ['nopeusdt@depth'], id: 2 });
  });

  test('subscribe to a stream once, however often asked', async () => {
    await using client = await StreamClient.open(url, '/ws/btcusdt@depth@100ms/btcusdt@depth@100ms');
    await client.ask({ method: 'SUBSCRIBE', params: ['btcusdt@depth@100ms', 'btcusdt@depth@100ms'], id: 1 });
    let { u: previous } = await client.next();
    for (let count = 0; count < 3; count++) {
      const { pu, u } = await client.next();
      expect(pu).toBe(previous);
      previous = u;
    }
  });

  test('get an error for what is not JSON, and the connection goes on', async () => {
    await using client = await StreamClient.open(url, '/ws');
    expect(await client.ask('{"method":')).toMatchObject({ error: { code: 3 } });
    client.ws.send(Buffer.from([0xde, 0xad, 0xbe, 0xef]));
    expect(await client.next()).toMatchObject({ error: { code: 3 } });
    expect(await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 1 })).toEqual({ result: [], id: 1 });
  });
});

describe('limits of a connection', () => {
  test('refuse the 1,025th stream', async () => {
    await using client = await StreamClient.open(url, '/ws');
    const names = Array.from({ length: 1024 }, (_, index) => `coin${index}usdt@depth`);
    expect(await client.ask({ method: 'SUBSCRIBE', params: names, id: 1 })).toEqual({ result: null, id: 1 });
    expect(await client.ask({ method: 'SUBSCRIBE', params: ['onemore@depth'], id: 2 })).toEqual({
      error: { code: 4, msg: 'Too many subscriptions' },
      id: 2,
    });
  });

  test('close with 1008 what sends more than ten messages in a second', async () => {
    await using client = await StreamClient.open(url, '/ws');
    for (let id = 1; id <= 40; id++) client.send({ method: 'LIST_SUBSCRIPTIONS', id });
    expect(await client.closed).toEqual({ code: 1008, reason: 'Too many requests' });
  });

  test('close what sends an oversized message', async () => {
    await using client = await StreamClient.open(url, '/ws');
    client.send(`"${'x'.repeat(200_000)}"`);
    expect((await client.closed).code).toBe(1009);
  });

  test('close what breaks the framing, and nobody else notices', async () => {
    await using other = await StreamClient.open(url, '/ws/btcusdt@bookTicker');
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const key = Buffer.alloc(16, 1).toString('base64');
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    await once(socket, 'data');
    socket.on('error', () => {});
    socket.resume();
    socket.write(Buffer.alloc(64, 0xff));
    await once(socket, 'close');
    await other.next();
    expect(other.ws.readyState).toBe(WebSocket.OPEN);
  });

  test('cut off with 1008 a client that does not read, at the documented number of bytes', async () => {
    await using busy = new Exchange({ ratePerSecond: 100_000, maxBufferedBytes: 64 * 1024 });
    const { url: busyUrl } = await busy.listen();
    const all = busy.options.symbols.flatMap((symbol) => [
      `${symbol.toLowerCase()}@bookTicker`,
      `${symbol.toLowerCase()}@depth@0ms`,
    ]);
    await using slow = await StreamClient.open(busyUrl, `/stream?streams=${all.join('/')}`);
    await using quick = await StreamClient.open(busyUrl, '/ws/btcusdt@depth@100ms');
    slow.ws.pause();
    await quick.find(() => busy.stats().connectionsCut === 1);
    expect(busy.stats().connections).toBe(1);
    slow.ws.resume();
    // What had reached the kernel arrives, then either the close frame or the end of a client's patience.
    expect([1006, 1008]).toContain((await slow.closed).code);
    await quick.next();
  });
});

describe('heartbeat', () => {
  test('pings, and keeps a client that answers', async () => {
    await using quick = new Exchange({
      symbols: ['BTCUSDT'],
      ratePerSecond: 20,
      pingIntervalMs: 20,
      pongTimeoutMs: 10_000,
    });
    const { url: quickUrl } = await quick.listen();
    await using client = await StreamClient.open(quickUrl, '/ws');
    for (let count = 0; count < 3; count++) await once(client.ws, 'ping');
    expect(client.ws.readyState).toBe(WebSocket.OPEN);
  });

  test('closes with 1008 a client that does not answer', async () => {
    await using quick = new Exchange({
      symbols: ['BTCUSDT'],
      ratePerSecond: 20,
      pingIntervalMs: 20,
      pongTimeoutMs: 50,
    });
    const { url: quickUrl } = await quick.listen();
    const ws = new WebSocket(`${quickUrl.replace('http', 'ws')}/ws`, { autoPong: false });
    const [code, reason] = (await once(ws, 'close')) as [number, Buffer];
    expect([code, String(reason)]).toEqual([1008, 'Pong timeout']);
  });
});

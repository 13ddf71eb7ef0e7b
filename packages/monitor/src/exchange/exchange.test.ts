import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { Exchange } from './exchange.ts';
import { NaiveBook } from './testing/naive-book.ts';
import { StreamClient } from './testing/stream-client.ts';

type Snapshot = Parameters<NaiveBook['snapshot']>[0];
type Update = Parameters<NaiveBook['event']>[0];

async function depth(url: string, symbol: string): Promise<Snapshot> {
  return (await (await fetch(`${url}/fapi/v1/depth?symbol=${symbol}&limit=1000`)).json()) as Snapshot;
}

describe('Exchange', () => {
  test('keeps clients in sync over real sockets: after a pause their books equal its own', async () => {
    const symbols = ['BTCUSDT', 'DOGEUSDT', 'SOMEUSDT'];
    await using exchange = new Exchange({ symbols, ratePerSecond: 3000 });
    const { url } = await exchange.listen();
    const names = symbols.map((symbol) => `${symbol.toLowerCase()}@depth@100ms`);
    await using client = await StreamClient.open(url, `/stream?streams=${names.join('/')}`);
    const books = new Map(symbols.map((symbol) => [symbol, new NaiveBook()]));
    const take = ({ data }: Record<string, unknown>): void => {
      const update = data as Update & { s: string };
      books.get(update.s)?.event(update);
    };
    const read = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index++) take(await client.next());
    };
    await read(6);
    for (const [symbol, book] of books) book.snapshot(await depth(url, symbol));
    await read(15);
    exchange.pause();
    const { messagesSent, perStream } = exchange.stats();
    await read(messagesSent - 21);
    expect(Object.keys(perStream).sort()).toEqual([...names].sort());
    for (const [symbol, book] of books) {
      const truth = await depth(url, symbol);
      expect(book.lastId).toBe(truth.lastUpdateId);
      expect(book.sorted()).toEqual({ bids: truth.bids, asks: truth.asks });
    }
    exchange.resume();
    await read(6);
  });

  test('stands still while paused and goes on where it stopped', async () => {
    await using exchange = new Exchange({ symbols: ['BTCUSDT'], ratePerSecond: 200 });
    const { url } = await exchange.listen();
    await using client = await StreamClient.open(url, '/ws/btcusdt@bookTicker');
    await client.next();
    exchange.pause();
    exchange.pause();
    const { logicalTimeMs, behindMs } = exchange.stats();
    const before = await depth(url, 'BTCUSDT');
    expect(await depth(url, 'BTCUSDT')).toEqual(before);
    expect(exchange.stats()).toMatchObject({ logicalTimeMs, behindMs });
    expect(behindMs).toBe(0);
    exchange.resume();
    const { E } = await client.find(({ u }) => (u as number) > before.lastUpdateId);
    expect((E as number) - logicalTimeMs).toBeLessThan(1000);
  });

  test('follows the wall clock', async () => {
    let now = 1000;
    using _clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
    await using exchange = new Exchange({ symbols: ['BTCUSDT'], ratePerSecond: 100, startTimeMs: 0 });
    await exchange.listen();
    now += 1234;
    await vi.waitFor(() => expect(exchange.stats()).toMatchObject({ logicalTimeMs: 1234, skippedMs: 0 }));
    // A laptop slept for an hour: five seconds are caught up, the rest is skipped.
    now += 3_600_000;
    await vi.waitFor(() => expect(exchange.stats().logicalTimeMs).toBe(6234));
    expect(exchange.stats().skippedMs).toBe(3_595_000);
  });

  test('counts each data message once per client, and nothing else', async () => {
    await using exchange = new Exchange({ symbols: ['BTCUSDT'], ratePerSecond: 500 });
    const { url } = await exchange.listen();
    await using one = await StreamClient.open(url, '/ws/btcusdt@bookTicker');
    await using other = await StreamClient.open(url, '/stream?streams=btcusdt@bookTicker/btcusdt@aggTrade');
    await one.ask({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
    await other.next();
    exchange.pause();
    const stats = exchange.stats();
    expect(stats.connections).toBe(2);
    expect(Object.values(stats.perStream).reduce((sum, count) => sum + count, 0)).toBe(stats.messagesSent);
  });

  test('names the option that is wrong', () => {
    expect(() => new Exchange({ ratePerSecond: 100 })).toThrow(
      /"ratePerSecond" must be at least 20 per symbol \(160 for 8\)/,
    );
    expect(() => new Exchange({ symbols: ['btcusdt'] })).toThrow(/"symbols"/);
    expect(() => new Exchange({ symbols: ['A1', 'A1'] })).toThrow(/different/);
    expect(() => new Exchange({ sed: 1 } as object)).toThrow(/unknown option "sed", did you mean "seed"/);
    expect(() => new Exchange({ port: 70_000 })).toThrow(expect.objectContaining({ code: 'ERR_PERF_MONITOR_OPTION' }));
  });

  test('says what to do when the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await using exchange = new Exchange({ port });
    await expect(exchange.listen()).rejects.toMatchObject({
      code: 'ERR_PERF_MONITOR_PORT_IN_USE',
      message: expect.stringContaining(`port ${port}`),
    });
    server.close();
  });

  test('closes every client with 1001, frees its port and leaves nothing behind', async () => {
    const exchange = new Exchange({ symbols: ['BTCUSDT'], ratePerSecond: 500 });
    const { url, port } = await exchange.listen();
    const clients = await Promise.all([1, 2, 3].map(() => StreamClient.open(url, '/ws/btcusdt@bookTicker')));
    await fetch(`${url}/fapi/v1/ping`).then((response) => response.arrayBuffer());
    await exchange.close();
    for (const client of clients)
      expect(await client.closed).toEqual({ code: 1001, reason: 'Server is shutting down' });
    expect(exchange.stats().connections).toBe(0);
    await using again = new Exchange({ symbols: ['BTCUSDT'], ratePerSecond: 500, port });
    await again.listen();
  });

  test('lets the process end by itself once it is closed', async () => {
    const code = `
      import { Exchange } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)};
      const exchange = new Exchange({ symbols: ['BTCUSDT'], ratePerSecond: 500 });
      const { url } = await exchange.listen();
      const client = new WebSocket(url.replace('http', 'ws') + '/ws/btcusdt@bookTicker');
      await new Promise((resolve) => client.addEventListener('message', resolve, { once: true }));
      await fetch(url + '/fapi/v1/ping').then((response) => response.text());
      await exchange.close();`;
    const child = spawn(process.execPath, ['--conditions=@perf/source', '--input-type=module', '-e', code]);
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('closes although a client does not answer', async () => {
    const exchange = new Exchange({ symbols: ['BTCUSDT'], ratePerSecond: 500 });
    const { url } = await exchange.listen();
    await using client = await StreamClient.open(url, '/ws/btcusdt@bookTicker');
    client.ws.pause();
    await exchange.close();
    expect(exchange.stats().connections).toBe(0);
  });

  test('can be closed before it listens, twice, and not used after that', async () => {
    const exchange = new Exchange();
    await Promise.all([exchange.close(), exchange.close()]);
    await expect(exchange.listen()).rejects.toMatchObject({ code: 'ERR_PERF_MONITOR_EXCHANGE' });
  });
});

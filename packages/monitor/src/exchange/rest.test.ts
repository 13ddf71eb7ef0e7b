import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Exchange } from './exchange.ts';

const exchange = new Exchange({
  symbols: ['BTCUSDT', 'DOGEUSDT', 'MADEUPUSDT'],
  ratePerSecond: 300,
  startTimeMs: 1_700_000_000_000,
});
let url = '';

beforeAll(async () => {
  ({ url } = await exchange.listen());
  // Time stands still, so that answers can be compared.
  exchange.pause();
});
afterAll(() => exchange.close());

async function get(path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; body: unknown }> {
  const response = await fetch(url + path, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

describe('REST endpoints', () => {
  test('answer ping and the time of the exchange', async () => {
    expect((await get('/fapi/v1/ping')).body).toEqual({});
    const { body } = await get('/fapi/v1/time');
    expect(body).toEqual({ serverTime: exchange.stats().logicalTimeMs });
  });

  test('describe symbols with their tick and lot in exchangeInfo', async () => {
    const { status, headers, body } = await get('/fapi/v1/exchangeInfo');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('application/json');
    const info = body as { rateLimits: object[]; symbols: { symbol: string; filters: object[] }[] };
    expect(info.rateLimits[0]).toEqual({
      rateLimitType: 'REQUEST_WEIGHT',
      interval: 'MINUTE',
      intervalNum: 1,
      limit: 2400,
    });
    expect(info.symbols.map(({ symbol }) => symbol)).toEqual(['BTCUSDT', 'DOGEUSDT', 'MADEUPUSDT']);
    const [btc, doge] = info.symbols;
    expect(btc).toMatchObject({
      pricePrecision: 2,
      quantityPrecision: 3,
      contractType: 'PERPETUAL',
      status: 'TRADING',
    });
    expect(btc.filters).toContainEqual({
      filterType: 'PRICE_FILTER',
      minPrice: '0.10',
      maxPrice: '3090000.00',
      tickSize: '0.10',
    });
    expect(btc.filters).toContainEqual({
      filterType: 'LOT_SIZE',
      minQty: '0.001',
      maxQty: '10000000',
      stepSize: '0.001',
    });
    expect(doge.filters).toContainEqual(expect.objectContaining({ tickSize: '0.000010' }));
    expect(doge.filters).toContainEqual(expect.objectContaining({ filterType: 'LOT_SIZE', stepSize: '1' }));
  });

  test.each([5, 10, 20, 50, 100, 500, 1000])('give a book cut to %i levels a side', async (limit) => {
    const { body } = await get(`/fapi/v1/depth?symbol=BTCUSDT&limit=${limit}`);
    const book = body as { bids: string[][]; asks: string[][]; lastUpdateId: number };
    const all = limit === 1000 ? book.bids.length : limit;
    expect(book.bids).toHaveLength(all);
    expect(book.bids.length).toBeLessThanOrEqual(limit);
    expect(book.lastUpdateId).toBeGreaterThan(5_000_000_000_000);
  });

  test('give 500 levels without a limit', async () => {
    const { body } = await get('/fapi/v1/depth?symbol=BTCUSDT');
    expect((body as { bids: unknown[] }).bids).toHaveLength(500);
  });

  test('give best prices of one symbol or all', async () => {
    const { body } = await get('/fapi/v1/ticker/bookTicker?symbol=BTCUSDT');
    const depth = (await get('/fapi/v1/depth?symbol=BTCUSDT&limit=5')).body as Record<string, string[][]>;
    expect(body).toMatchObject({
      symbol: 'BTCUSDT',
      bidPrice: depth.bids[0][0],
      bidQty: depth.bids[0][1],
      askPrice: depth.asks[0][0],
      askQty: depth.asks[0][1],
    });
    expect((await get('/fapi/v1/ticker/bookTicker')).body).toHaveLength(3);
  });

  test.each([
    ['/fapi/v1/depth?symbol=NOPEUSDT', 400, -1121, 'Invalid symbol.'],
    ['/fapi/v1/depth?symbol=btcusdt', 400, -1121, 'Invalid symbol.'],
    ['/fapi/v1/depth', 400, -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."],
    ['/fapi/v1/depth?symbol=', 400, -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."],
    ['/fapi/v1/depth?symbol=BTCUSDT&limit=3', 400, -4021, '3 is not valid depth limit'],
    ['/fapi/v1/depth?symbol=BTCUSDT&limit=1500', 400, -1130, "Data sent for parameter 'limit' is not valid."],
    ['/fapi/v1/depth?symbol=BTCUSDT&limit=-5', 400, -1130, "Data sent for parameter 'limit' is not valid."],
    [
      '/fapi/v1/depth?symbol=BTCUSDT&limit=x',
      400,
      -1102,
      "Mandatory parameter 'limit' was not sent, was empty/null, or malformed.",
    ],
    ['/fapi/v1/nope', 404, -5000, 'Path /fapi/v1/nope, Method GET is invalid'],
    ['/', 404, -5000, 'Path /, Method GET is invalid'],
  ])('refuse %s as the venue does', async (path, status, code, msg) => {
    const answer = await get(path);
    expect([answer.status, answer.body]).toEqual([status, { code, msg }]);
  });

  test('refuse other methods', async () => {
    const { status, body } = await get('/fapi/v1/depth?symbol=BTCUSDT', { method: 'POST', body: 'x'.repeat(100_000) });
    expect([status, body]).toEqual([404, { code: -5000, msg: 'Path /fapi/v1/depth, Method POST is invalid' }]);
  });

  test('charge the documented weights', async () => {
    // 20 s into a minute that does not end.
    using _clock = vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);
    await using fresh = new Exchange({ symbols: ['BTCUSDT'], ratePerSecond: 100 });
    const { url: freshUrl } = await fresh.listen();
    const used: number[] = [];
    const depths = [5, 10, 20, 50, 100, 500, 1000].map((limit) => `depth?symbol=BTCUSDT&limit=${limit}`);
    for (const path of ['ping', ...depths, 'depth?symbol=BTCUSDT', 'ticker/bookTicker']) {
      const response = await fetch(`${freshUrl}/fapi/v1/${path}`);
      await response.arrayBuffer();
      used.push(Number(response.headers.get('x-mbx-used-weight-1m')));
    }
    expect(used).toEqual([1, 3, 5, 7, 9, 14, 24, 44, 54, 59]);
  });

  test('answer 429 with Retry-After when the weight of the minute is used up', async () => {
    using _clock = vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000);
    await using small = new Exchange({ symbols: ['BTCUSDT'], ratePerSecond: 100, weightPerMinute: 3 });
    const { url: smallUrl } = await small.listen();
    const depth = `${smallUrl}/fapi/v1/depth?symbol=BTCUSDT&limit=5`;
    expect((await fetch(depth)).status).toBe(200);
    const response = await fetch(depth);
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '40']);
    expect(response.headers.get('x-mbx-used-weight-1m')).toBe('2');
    expect(await response.json()).toEqual({
      code: -1003,
      msg: 'Too many requests; current limit is 3 requests per minute. Please use the websocket for live updates to avoid polling the API.',
    });
    expect((await fetch(`${smallUrl}/fapi/v1/ping`)).status).toBe(200);
  });
});

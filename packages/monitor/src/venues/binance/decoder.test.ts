import { describe, expect, test } from 'vitest';
import { decoded } from '../../testing/decoded.ts';
import { DECIMALS, randomFrame, seededRandom, testInstruments, testTable } from '../../testing/frames.ts';
import { naiveDecode } from '../../testing/naive-decode.ts';
import { BinanceDecoder } from './decoder.ts';
import { fuzz } from './decoder.fuzz.ts';

const instruments = Object.fromEntries(testInstruments().map((instrument) => [instrument.symbol, instrument]));
const DEPTH =
  '{"e":"depthUpdate","E":1723161256299,"T":1723161256298,"s":"BTCUSDT","U":5123107832006,"u":5123107837557,' +
  '"pu":5123107831937,"b":[["58710.20","0.014"],["61496.50","0.010"]],"a":[["61800.30","0.000"]]}';

function decode(text: string): ReturnType<typeof decoded> {
  const decoder = new BinanceDecoder(testTable());
  return decoded(decoder, decoder.decode(Buffer.from(text)));
}

function rejection(text: string, options?: { maxFrameBytes: number }): string {
  const decoder = new BinanceDecoder(testTable(), options);
  expect(decoder.decode(Buffer.from(text))).toBe('rejected');
  return `${decoder.rejection?.reason}: ${decoder.rejection?.message}`;
}

describe('BinanceDecoder', () => {
  test('reads a depth update into ticks and lots', () => {
    expect(decode(DEPTH)).toEqual({
      kind: 'depth',
      symbol: 'BTCUSDT',
      ids: [5123107832006, 5123107837557, 5123107831937],
      eventTimeMs: 1723161256299,
      bids: [
        [587102, 14],
        [614965, 10],
      ],
      asks: [[618003, 0]],
    });
  });

  test('reads the same inside the combined wrapper', () => {
    expect(decode(`{"stream":"btcusdt@depth@0ms","data":${DEPTH}}`)).toEqual(decode(DEPTH));
  });

  test('reads a book ticker, a trade and an aggregate trade', () => {
    expect(
      decode('{"e":"bookTicker","u":7,"s":"BTCUSDT","b":"1.0","B":"2.000","a":"3.0","A":"4.000","T":5,"E":6}'),
    ).toEqual({ kind: 'bookTicker', symbol: 'BTCUSDT', updateId: 7, eventTimeMs: 6, best: [10, 2000, 30, 4000] });
    const trade = { kind: 'trade', symbol: 'BTCUSDT', times: [6, 5], priceTicks: 10, qtyLots: 2000, maker: true };
    expect(decode('{"e":"trade","E":6,"T":5,"s":"BTCUSDT","t":8,"p":"1.0","q":"2.000","X":"MARKET","m":true}')).toEqual(
      { ...trade, id: 8 },
    );
    expect(
      decode('{"e":"aggTrade","E":6,"s":"BTCUSDT","a":9,"p":"1.0","q":"2.000","f":1,"l":2,"T":5,"m":true}'),
    ).toEqual({ ...trade, id: 9 });
  });

  test('skips the quantity without liquidations that newer aggregate trades carry', () => {
    expect(
      decode('{"e":"aggTrade","E":6,"s":"BTCUSDT","a":9,"p":"1.0","q":"2","nq":"1","f":1,"l":2,"T":5,"m":false}'),
    ).toMatchObject({ kind: 'trade', qtyLots: 2000 });
  });

  test.each([
    ['other key order', (data: object) => JSON.stringify(Object.fromEntries(Object.entries(data).toReversed()))],
    ['white space', (data: object) => JSON.stringify(data, null, 2)],
    ['unknown keys', (data: object) => JSON.stringify({ ...data, ps: 'BTC', extra: [1, { b: 2 }] })],
    [
      'escapes in keys and values',
      (data: object) => JSON.stringify(data).replace('"s"', '"\\u0073"').replace('BTC', '\\u0042TC'),
    ],
  ])('reads a depth update with %s', (_, write) => {
    expect(decode(write(JSON.parse(DEPTH)))).toEqual(decode(DEPTH));
  });

  test('reads a book with more levels than the record had room for', () => {
    const bids = Array.from({ length: 1_000 }, (_, index) => [`${(index + 1) / 10}`, '1']);
    expect(decode(DEPTH.replace(/"b":\[.*?\]\],/, `"b":${JSON.stringify(bids)},`))).toMatchObject({
      bids: Array.from({ length: 1_000 }, (_, index) => [index + 1, 1000]),
    });
  });

  test('takes the answer to SUBSCRIBE and unknown events for other', () => {
    expect(decode('{"result":null,"id":1}').kind).toBe('other');
    expect(decode('{"e":"kline","E":1,"s":"BTCUSDT","k":{}}').kind).toBe('other');
  });

  test.each([
    ['not-json', '<html>502 Bad Gateway</html>'],
    ['not-json', DEPTH.slice(0, 120)],
    ['not-json', `${DEPTH}}`],
    ['wrong-shape', '[]'],
    ['wrong-shape', '{"stream":"x","data":5}'],
    ['wrong-shape', DEPTH.replace('"U":5123107832006', '"U":-1')],
    ['wrong-shape', DEPTH.replace('"u":5123107837557', '"u":9007199254740993')],
    ['wrong-shape', DEPTH.replace('"b":[[', '"b":[5,[')],
    ['unknown-symbol', DEPTH.replace('BTCUSDT', 'XYZUSDT')],
    ['bad-decimal', DEPTH.replace('"58710.20"', '58710.20')],
    ['bad-decimal', DEPTH.replace('58710.20', '1e400')],
    ['bad-decimal', DEPTH.replace('58710.20', '-1')],
    ['bad-decimal', DEPTH.replace('58710.20', '9007199254740992')],
    ['bad-decimal', DEPTH.replace('58710.20', 'free')],
    ['off-grid', DEPTH.replace('58710.20', '58710.25')],
    ['off-grid', DEPTH.replace('0.014', '0.0145')],
  ])('rejects with %s: %s', (reason, text) => {
    expect(rejection(text)).toMatch(new RegExp(`^${reason}: .`));
  });

  test('says what is wrong with a price and where', () => {
    expect(rejection(DEPTH.replace('61496.50', '61496.55'))).toBe(
      'off-grid: BTCUSDT: "b" entry 1 price "61496.55" is not a multiple of 0.1',
    );
  });

  test('rejects a frame above the limit without looking at it', () => {
    expect(rejection(DEPTH, { maxFrameBytes: 100 })).toMatch(/^too-large: a frame of \d+ bytes; the limit is 100$/);
  });

  test('uses a step that is no power of ten', () => {
    const frame = '{"e":"bookTicker","u":7,"s":"HALFUSDT","b":"1.5","B":"50","a":"2.0","A":"75","T":5,"E":6}';
    expect(decode(frame)).toMatchObject({ best: [3, 2, 4, 3] });
    expect(rejection(frame.replace('1.5', '1.7'))).toMatch(/off-grid/);
  });

  test('agrees with the naive twin on every decimal that matters', () => {
    for (const decimal of DECIMALS) {
      for (const symbol of ['BTCUSDT', 'HALFUSDT', 'DOGEUSDT']) {
        const text = JSON.stringify({
          e: 'bookTicker',
          u: 7,
          s: symbol,
          b: decimal,
          B: '25',
          a: '5',
          A: '25',
          T: 5,
          E: 6,
        });
        expect([text, decode(text)]).toEqual([text, naiveDecode(Buffer.from(text), instruments)]);
      }
    }
  });

  test('agrees with the naive twin on random and damaged frames', () => {
    expect(() => fuzz.run(20_240_808, 5_000)).not.toThrow();
  });

  test('meets every kind of frame in that comparison', () => {
    const random = seededRandom(20_240_808);
    const seen = new Map<string, number>();
    for (let index = 0; index < 2_000; index++) {
      const { kind } = naiveDecode(Buffer.from(randomFrame(random)), instruments);
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
    for (const kind of ['depth', 'bookTicker', 'trade', 'other', 'rejected'])
      expect(seen.get(kind)).toBeGreaterThan(20);
  });
});

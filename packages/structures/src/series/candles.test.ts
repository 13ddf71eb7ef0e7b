import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { corpusFile } from '../testing/corpora.ts';
import { FEED, readUsdmFeed } from '../testing/usdm-feed.ts';
import { fuzz } from './candles.fuzz.ts';
import { CANDLE_FIELDS } from './candle.ts';
import { Candles } from './candles.ts';
import type { Candle } from './candle.ts';

const file = corpusFile(FEED);

describe('Candles', () => {
  test('builds open, high, low, close, volume and count for several intervals at once', () => {
    const candles = new Candles({ intervalsMs: [1_000, 60_000] });
    candles.add(60_000, 10, 1);
    candles.add(60_500, 12, 2);
    candles.add(60_999, 9, 3);
    candles.add(61_000, 11, 4);
    expect(candles.latest(1_000, 5)).toEqual([
      { startMs: 60_000, openTicks: 10, highTicks: 12, lowTicks: 9, closeTicks: 9, volumeLots: 6, trades: 3 },
      { startMs: 61_000, openTicks: 11, highTicks: 11, lowTicks: 11, closeTicks: 11, volumeLots: 4, trades: 1 },
    ]);
    expect(candles.current(60_000)).toEqual({
      startMs: 60_000,
      openTicks: 10,
      highTicks: 12,
      lowTicks: 9,
      closeTicks: 11,
      volumeLots: 10,
      trades: 4,
    });
  });

  test('has nothing before the first tick', () => {
    const candles = new Candles({ intervalsMs: [5] });
    expect([candles.current(5), candles.latest(5, 3), candles.count(5)]).toEqual([undefined, [], 0]);
  });

  test('keeps the newest `capacity` candles', () => {
    const candles = new Candles({ intervalsMs: [10], capacity: 2 });
    for (const time of [0, 10, 20]) candles.add(time, time, 1);
    expect(candles.latest(10, 9).map(({ startMs }) => startMs)).toEqual([10, 20]);
  });

  test('leaves intervals without ticks out by default and fills them flat on demand', () => {
    const starts = (gaps: 'skip' | 'fill') => {
      const closed: Candle[] = [];
      const candles = new Candles({ intervalsMs: [10], gaps, onClose: (candle) => void closed.push(candle) });
      candles.add(0, 5, 1);
      candles.add(35, 7, 1);
      return { kept: candles.latest(10, 9), closed };
    };
    expect(starts('skip').kept.map(({ startMs }) => startMs)).toEqual([0, 30]);
    const { kept, closed } = starts('fill');
    expect(
      kept.map(({ startMs, closeTicks, volumeLots, trades }) => [startMs, closeTicks, volumeLots, trades]),
    ).toEqual([
      [0, 5, 1, 1],
      [10, 5, 0, 0],
      [20, 5, 0, 0],
      [30, 7, 1, 1],
    ]);
    expect(closed.map(({ startMs }) => startMs)).toEqual([0, 10, 20]);
  });

  test('fills at most `capacity` candles when the clock jumps', () => {
    const candles = new Candles({ intervalsMs: [1], capacity: 4, gaps: 'fill' });
    candles.add(0, 5, 1);
    candles.add(2 ** 52, 6, 1);
    expect(candles.count(1)).toBe(4);
    expect(candles.gapsCut).toBe(2 ** 52 - 1 - 4);
    expect(candles.current(1)?.startMs).toBe(2 ** 52);
  });

  test('adds a late tick to its candle without touching open and close, and counts it', () => {
    const closes: Candle[] = [];
    const candles = new Candles({ intervalsMs: [10], capacity: 2, onClose: (candle) => void closes.push(candle) });
    candles.add(5, 5, 1);
    candles.add(15, 6, 1);
    candles.add(9, 50, 2);
    expect(candles.latest(10, 2)[0]).toMatchObject({
      openTicks: 5,
      highTicks: 50,
      closeTicks: 5,
      volumeLots: 3,
      trades: 2,
    });
    candles.add(25, 6, 1);
    candles.add(9, 50, 2);
    expect([candles.lateApplied, candles.lateRefused, closes.length]).toEqual([1, 1, 2]);
  });

  test('leaves late ticks when told to', () => {
    const candles = new Candles({ intervalsMs: [10, 100], late: 'refuse' });
    candles.add(15, 6, 1);
    candles.add(9, 50, 2);
    expect([candles.count(10), candles.lateRefused, candles.current(100)?.volumeLots]).toEqual([1, 1, 3]);
  });

  test('hands closed candles over when the tick is in, so that a throwing listener costs nothing', () => {
    const candles = new Candles({
      intervalsMs: [10, 20],
      onClose: () => {
        throw new Error('listener');
      },
    });
    candles.add(5, 1, 1);
    expect(() => candles.add(25, 2, 1)).toThrow('listener');
    expect([candles.current(10)?.startMs, candles.current(20)?.startMs]).toEqual([20, 20]);
  });

  test('writes the newest candles into memory of the caller', () => {
    const candles = new Candles({ intervalsMs: [10] });
    for (const time of [0, 10, 20]) candles.add(time, time + 1, 2);
    const out = new Float64Array(2 * CANDLE_FIELDS + 1);
    expect(candles.latestInto(10, out, 3)).toBe(2);
    expect([...out]).toEqual([10, 11, 11, 11, 11, 2, 1, 20, 21, 21, 21, 21, 2, 1, 0]);
  });

  test.each([
    [-1, 1, 1],
    [0.5, 1, 1],
    [1, NaN, 1],
    [1, 1, -1],
    [1, 1, 2 ** 53],
  ])('refuses the tick %j, %j, %j and stays as it was', (timeMs, price, quantity) => {
    const candles = new Candles({ intervalsMs: [10] });
    candles.add(0, 5, 1);
    const before = candles.latest(10, 9);
    expect(() => candles.add(timeMs, price, quantity)).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_TICK' }),
    );
    expect(candles.latest(10, 9)).toEqual(before);
  });

  test('refuses a volume past 2^53 for every interval, not for some', () => {
    const candles = new Candles({ intervalsMs: [10, 1_000] });
    candles.add(0, 5, Number.MAX_SAFE_INTEGER);
    expect(() => candles.add(10, 5, 1)).toThrow(expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_TICK' }));
    expect(candles.count(10)).toBe(1);
  });

  test.each([
    [{ intervalsMs: [] }, 'intervalsMs'],
    [{}, 'intervalsMs'],
    [{ intervalsMs: [0] }, 'intervalsMs'],
    [{ intervalsMs: [1, 1] }, 'intervalsMs'],
    [{ intervalsMs: [1.5] }, 'intervalsMs'],
    [{ intervalsMs: [1], capacity: 0 }, 'capacity'],
    [{ intervalsMs: [1], gaps: 'zero' }, 'gaps'],
    [{ intervalsMs: [1], onClose: 1 }, 'onClose'],
  ])('refuses the options %j', (options, option) => {
    expect(() => new Candles(options as never)).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_OPTION', option }),
    );
  });

  test('refuses an interval that it does not keep', () => {
    const candles = new Candles({ intervalsMs: [10] });
    const argument = expect.objectContaining({ code: 'ERR_PERF_STRUCTURES_ARGUMENT' });
    expect(() => candles.current(11)).toThrow(argument);
    expect(() => candles.latest(10, -1)).toThrow(argument);
  });

  test('loses no volume and no trade, whatever the order of ticks, while all candles are kept', () => {
    const tick = fc.tuple(fc.nat(500), fc.nat(100), fc.nat(100));
    fc.assert(
      fc.property(fc.array(tick, { minLength: 1, maxLength: 100 }), (ticks) => {
        const candles = new Candles({ intervalsMs: [10, 70], gaps: 'fill' });
        const first = ticks[0][0];
        const kept = ticks.filter(([timeMs]) => timeMs >= first);
        for (const [timeMs, price, quantity] of kept) candles.add(timeMs, price, quantity);
        for (const interval of [10, 70]) {
          const all = candles.latest(interval, 1000);
          expect(all.reduce((sum, candle) => sum + candle.trades, 0)).toBe(kept.length);
          expect(all.reduce((sum, { volumeLots }) => sum + volumeLots, 0)).toBe(kept.reduce((sum, t) => sum + t[2], 0));
        }
      }),
    );
  });

  test.skipIf(file === undefined)('groups the recorded trades as a plain grouping does', () => {
    const { trades } = readUsdmFeed(file!);
    const candles = new Candles({ intervalsMs: [1_000, 60_000] });
    const groups = new Map<number, { prices: number[]; lots: number }>();
    for (const { timeMs, priceTicks, qtyLots } of trades) {
      candles.add(timeMs, priceTicks, qtyLots);
      const start = timeMs - (timeMs % 1_000);
      const group = groups.get(start) ?? { prices: [], lots: 0 };
      group.prices.push(priceTicks);
      group.lots += qtyLots;
      groups.set(start, group);
    }
    expect(candles.latest(1_000, 1_000)).toEqual(
      Array.from(groups, ([startMs, { prices, lots }]) => ({
        startMs,
        openTicks: prices[0],
        highTicks: Math.max(...prices),
        lowTicks: Math.min(...prices),
        closeTicks: prices.at(-1),
        volumeLots: lots,
        trades: prices.length,
      })),
    );
    const minutes = candles.latest(60_000, 1_000);
    expect(minutes.reduce((sum, { volumeLots }) => sum + volumeLots, 0)).toBe(2_429_366);
    expect([candles.lateApplied, candles.lateRefused]).toEqual([0, 0]);
  });

  test('survives a fixed piece of the fuzz run', () => {
    expect(() => {
      for (let seed = 1; seed <= 40; seed++) fuzz.run(seed, 200);
    }).not.toThrow();
  });
});

import { bench, seeded, type BenchCase } from '@perf/bench';
import { feed, TRADES } from './feed.ts';

/** The trades are of 50 seconds. */
const CAPACITY_CANDLES = 64;
const INTERVALS_MS = [1_000, 10_000, 60_000];
const PUSHES = 20_000;
const CAPACITY = 1_000;

/** In bursts: a function that is called often is compiled as a whole, while one long loop is replaced on the stack, and how it ends up differs. */
const BURST = 10;

interface Bar {
  start: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

const candles = bench({
  name: '2,000 recorded trades into candles of three intervals',
  input: feed,
  units: () => ({ name: 'trades', count: TRADES }),
  // Of every interval the number of candles and the whole volume.
  answer: ({ trades: { timesMs, lots } }) => {
    const volume = lots.reduce((sum, each) => sum + each, 0);
    return INTERVALS_MS.map((length) => [new Set(timesMs.map((time) => Math.floor(time / length))).size, volume]);
  },
  ours: {
    name: 'Candles.add',
    package: '@perf/structures',
    setup: async ({ trades: { timesMs, ticks, lots } }) => {
      const { Candles, CANDLE_FIELDS } = await import('@perf/structures/series');
      const addBurst = (to: InstanceType<typeof Candles>, from: number): void => {
        for (let at = from; at < from + BURST; at++) to.add(timesMs[at], ticks[at], lots[at]);
      };
      const out = new Float64Array(CAPACITY_CANDLES * CANDLE_FIELDS);
      return () => {
        const candles = new Candles({ intervalsMs: INTERVALS_MS, capacity: CAPACITY_CANDLES });
        for (let from = 0; from < TRADES; from += BURST) addBurst(candles, from);
        return INTERVALS_MS.map((interval) => {
          const count = candles.latestInto(interval, out, CAPACITY_CANDLES);
          let volume = 0;
          for (let at = 0; at < count; at++) volume += out[at * CANDLE_FIELDS + 5];
          return [count, volume];
        });
      };
    },
  },
  peers: [
    {
      name: 'an object per candle in arrays',
      setup: ({ trades: { timesMs, ticks, lots } }) => {
        const addBurst = (series: readonly { length: number; bars: Bar[] }[], from: number): void => {
          for (let at = from; at < from + BURST; at++) {
            const timeMs = timesMs[at];
            const priceTicks = ticks[at];
            const qtyLots = lots[at];
            for (const { length, bars } of series) {
              const start = timeMs - (timeMs % length);
              const bar = bars.at(-1);
              if (bar !== undefined && bar.start === start) {
                if (priceTicks > bar.high) bar.high = priceTicks;
                if (priceTicks < bar.low) bar.low = priceTicks;
                bar.close = priceTicks;
                bar.volume += qtyLots;
              } else {
                bars.push({
                  start,
                  open: priceTicks,
                  high: priceTicks,
                  low: priceTicks,
                  close: priceTicks,
                  volume: qtyLots,
                });
              }
            }
          }
        };
        return () => {
          const series = INTERVALS_MS.map((length): { length: number; bars: Bar[] } => ({ length, bars: [] }));
          for (let from = 0; from < TRADES; from += BURST) addBurst(series, from);
          return series.map(({ bars }) => [bars.length, bars.reduce((sum, { volume }) => sum + volume, 0)]);
        };
      },
    },
  ],
});

interface Item {
  readonly id: number;
  readonly price: number;
}

const ring = bench({
  name: 'push of an object, the newest 1,000 kept',
  input: seeded(42, (random): Item[][] =>
    Array.from({ length: PUSHES / BURST }, (_, burst) =>
      Array.from({ length: BURST }, (_, at) => ({ id: burst * BURST + at, price: random() })),
    ),
  ),
  units: () => ({ name: 'pushes', count: PUSHES }),
  answer: () => PUSHES - CAPACITY,
  ours: {
    name: 'RingBuffer.push',
    package: '@perf/structures',
    setup: async (bursts) => {
      const { RingBuffer } = await import('@perf/structures/rings');
      const pushAll = (to: InstanceType<typeof RingBuffer<Item>>, items: readonly Item[]): void => {
        for (const item of items) to.push(item);
      };
      return () => {
        const kept = new RingBuffer<Item>(CAPACITY);
        for (const items of bursts) pushAll(kept, items);
        return kept.at(0)!.id;
      };
    },
  },
  peers: [
    {
      name: 'array, push and shift',
      setup: (bursts) => {
        const pushAll = (to: Item[], items: readonly Item[]): void => {
          for (const item of items) {
            to.push(item);
            if (to.length > CAPACITY) to.shift();
          }
        };
        return () => {
          const kept: Item[] = [];
          for (const items of bursts) pushAll(kept, items);
          return kept[0].id;
        };
      },
    },
  ],
});

const cases: BenchCase[] = [candles, ring];
export default cases;

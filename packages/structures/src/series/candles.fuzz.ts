import { integerIn, seededRandom } from '../testing/random.ts';
import { Candles } from './candles.ts';
import type { Candle } from './candle.ts';

const INTERVALS = [7, 100, 1_000];

/** One interval with an array of all candles ever: the same rules, nothing clever. */
class NaiveCandles {
  readonly all: Candle[] = [];
  readonly closed: Candle[] = [];
  readonly interval: number;
  readonly capacity: number;
  readonly fill: boolean;
  readonly late: boolean;
  refused = 0;
  applied = 0;

  constructor(interval: number, capacity: number, fill: boolean, late: boolean) {
    this.interval = interval;
    this.capacity = capacity;
    this.fill = fill;
    this.late = late;
  }

  add(timeMs: number, price: number, quantity: number): void {
    const startMs = timeMs - (timeMs % this.interval);
    const open = this.all.at(-1);
    if (open !== undefined && startMs < open.startMs) {
      const index = this.all.slice(-this.capacity).findIndex((candle) => candle.startMs === startMs);
      if (index < 0 || !this.late) {
        this.refused++;
        return;
      }
      this.applied++;
      const at = Math.max(0, this.all.length - this.capacity) + index;
      this.all[at] = { ...merge(this.all[at], price, quantity), closeTicks: this.all[at].closeTicks };
    } else if (open !== undefined && startMs === open.startMs) {
      this.all[this.all.length - 1] = merge(open, price, quantity);
    } else {
      if (open !== undefined) {
        this.closed.push(open);
        const gap = (startMs - open.startMs) / this.interval - 1;
        for (let back = Math.min(gap, this.capacity); this.fill && back > 0; back--) {
          const flat = candle(startMs - back * this.interval, open.closeTicks, 0, 0);
          this.all.push(flat);
          this.closed.push(flat);
        }
      }
      this.all.push(candle(startMs, price, quantity, 1));
    }
  }
}

function candle(startMs: number, price: number, volumeLots: number, trades: number): Candle {
  return {
    startMs,
    openTicks: price,
    highTicks: price,
    lowTicks: price,
    closeTicks: price,
    volumeLots,
    trades,
  };
}

function merge(into: Candle, price: number, quantity: number): Candle {
  return {
    ...into,
    highTicks: Math.max(into.highTicks, price),
    lowTicks: Math.min(into.lowTicks, price),
    closeTicks: price,
    volumeLots: into.volumeLots + quantity,
    trades: into.trades + 1,
  };
}

function run(seed: number, iterations: number): void {
  const random = seededRandom(seed);
  const capacity = integerIn(random, 1, 12);
  const fill = random() < 0.5;
  const late = random() < 0.5;
  const closed = new Map<number, Candle[]>(INTERVALS.map((interval) => [interval, []]));
  const candles = new Candles({
    intervalsMs: INTERVALS,
    capacity,
    gaps: fill ? 'fill' : 'skip',
    late: late ? 'apply' : 'refuse',
    onClose: (candle, interval) => void closed.get(interval)!.push(candle),
  });
  const twins = INTERVALS.map((interval) => new NaiveCandles(interval, capacity, fill, late));
  let now = integerIn(random, 0, 2 ** 45);
  for (let step = 0; step < iterations; step++) {
    now += random() < 0.05 ? integerIn(random, 0, 20_000) : integerIn(random, 0, 30);
    const time = random() < 0.15 ? Math.max(0, now - integerIn(random, 0, 3_000)) : now;
    const price = integerIn(random, 0, 1_000);
    const quantity = integerIn(random, 0, 50);
    candles.add(time, price, quantity);
    for (const twin of twins) twin.add(time, price, quantity);
  }
  for (const twin of twins) {
    const count = integerIn(random, 0, capacity + 2);
    const found = JSON.stringify([
      candles.latest(twin.interval, capacity),
      candles.latest(twin.interval, count),
      candles.current(twin.interval),
      closed.get(twin.interval),
    ]);
    const kept = twin.all.slice(-capacity);
    const wanted = JSON.stringify([kept, count === 0 ? [] : kept.slice(-count), twin.all.at(-1), twin.closed]);
    if (found !== wanted) throw new Error(`seed ${seed}, ${twin.interval} ms: ${found} instead of ${wanted}`);
  }
  const applied = twins.reduce((sum, twin) => sum + twin.applied, 0);
  const refused = twins.reduce((sum, twin) => sum + twin.refused, 0);
  if (candles.lateApplied !== applied || candles.lateRefused !== refused) {
    throw new Error(
      `seed ${seed}: late ticks ${candles.lateApplied}, ${candles.lateRefused}, not ${applied}, ${refused}`,
    );
  }
}

export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'Candles against arrays of objects',
  run,
};

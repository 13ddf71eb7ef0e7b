import { levelsOf } from '../testing/naive-book.ts';
import { BookSide } from './book.ts';
import { Random } from './prng.ts';

/** Random levels put and removed, against a Map that is sorted on demand. */
export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'exchange BookSide against a sorted Map',
  run(seed, iterations) {
    const random = new Random(seed, 'book');
    for (let iteration = 0; iteration < iterations; iteration++) {
      const sign = random.unit() < 0.5 ? 1 : -1;
      const side = new BookSide(sign);
      const naive = new Map<number, number>();
      const spread = 1 + random.below(5000);
      const changes = random.below(4000);
      for (let change = 0; change < changes; change++) {
        const ticks = 1 + random.below(spread);
        const lots = random.unit() < 0.4 ? 0 : 1 + random.below(1000);
        side.set(ticks * sign, lots);
        if (lots === 0) naive.delete(ticks);
        else naive.set(ticks, lots);
      }
      const expected = [...naive].sort(([a], [b]) => (b - a) * sign).map(([ticks, lots]) => `${ticks}:${lots}`);
      if (levelsOf(side).join() !== expected.join())
        throw new Error(`sides differ (seed ${seed}, iteration ${iteration})`);
      const ticks = 1 + random.below(spread);
      if (side.lotsOf(ticks * sign) !== (naive.get(ticks) ?? 0)) {
        throw new Error(`lots at ${ticks} differ (seed ${seed}, iteration ${iteration})`);
      }
    }
  },
};

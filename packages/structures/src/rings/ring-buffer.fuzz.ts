import { integerIn, seededRandom } from '../testing/random.ts';
import { RingBuffer } from './ring-buffer.ts';

/** Against a plain array that is cut at the front. */
function run(seed: number, iterations: number): void {
  const random = seededRandom(seed);
  const capacity = integerIn(random, 1, 9);
  const whenFull = random() < 0.5 ? 'overwrite' : 'reject';
  const ring = new RingBuffer<number>(capacity, { whenFull });
  let naive: number[] = [];
  let dropped = 0;
  for (let step = 0; step < iterations; step++) {
    const draw = random();
    if (draw < 0.7) {
      const full = naive.length === capacity;
      if (full) dropped++;
      const taken = ring.push(step);
      if (taken !== !(full && whenFull === 'reject')) throw new Error(`seed ${seed}, step ${step}: push said ${taken}`);
      if (taken) naive = [...naive, step].slice(-capacity);
    } else if (draw < 0.98) {
      const wanted = naive.shift();
      const item = ring.shift();
      if (item !== wanted) throw new Error(`seed ${seed}, step ${step}: shift gave ${item} instead of ${wanted}`);
    } else {
      ring.clear();
      naive = [];
    }
    const count = integerIn(random, 0, capacity + 1);
    const at = integerIn(random, -capacity - 1, capacity + 1);
    const found = JSON.stringify([[...ring], ring.getLatest(count), ring.at(at), ring.length, ring.dropped]);
    const latest = count === 0 ? [] : naive.slice(-count);
    const wanted = JSON.stringify([naive, latest, naive.at(at), naive.length, dropped]);
    if (found !== wanted) throw new Error(`seed ${seed}, step ${step}: ${found} instead of ${wanted}`);
  }
}

export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'RingBuffer against an array',
  run,
};

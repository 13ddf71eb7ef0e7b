import { bookDifference, NaiveBook, topDifference } from '../testing/naive-book.ts';
import { integerIn, seededRandom } from '../testing/random.ts';
import { levelColumns } from './levels.ts';
import type { LevelColumns, Side } from './levels.ts';
import { OrderBook } from './order-book.ts';

const CENTRES = [0, 700, 618_002, 2 ** 31, 2 ** 40 + 511, 2 ** 52, Number.MAX_SAFE_INTEGER];
/** How far from the centre a level lies: at the top, across the window's edges, far outside. */
const REACHES = [3, 40, 5_000, 40_000, 3_000_000];

type Pairs = Map<number, number>;

function clip(ticks: number): number {
  return Math.min(Math.max(ticks, 0), Number.MAX_SAFE_INTEGER);
}

/** A side of an event: new levels around the centre, and deletes of levels that exist, the best ones among them. */
function randomSide(random: () => number, naive: NaiveBook, side: Side, centre: number): Pairs {
  const pairs: Pairs = new Map();
  const count = random() < 0.1 ? 0 : integerIn(random, 1, random() < 0.05 ? 400 : 12);
  const known = [...naive.side(side).keys()];
  for (let level = 0; level < count; level++) {
    const draw = random();
    if (draw < 0.3 && known.length > 0) {
      pairs.set(known[integerIn(random, 0, known.length - 1)], 0);
    } else if (draw < 0.4) {
      const best = naive.best(side);
      if (!Number.isNaN(best)) pairs.set(best, random() < 0.7 ? 0 : integerIn(random, 1, 9));
    } else {
      const reach = REACHES[integerIn(random, 0, REACHES.length - 1)];
      pairs.set(clip(centre + integerIn(random, -reach, reach)), random() < 0.2 ? 0 : integerIn(random, 1, 2 ** 40));
    }
  }
  // Sometimes the whole side goes, so that the window has to be placed anew.
  if (random() < 0.01) for (const ticks of known) pairs.set(ticks, 0);
  return pairs;
}

function columns(pairs: Pairs): LevelColumns {
  return levelColumns([...pairs]);
}

const FAULTS: readonly (readonly [ticks: number, lots: number])[] = [
  [1.5, 1],
  [1e-20, 1],
  [2 ** 51 - 0.25, 1],
  [-1, 1],
  [Number.NaN, 1],
  [2 ** 53, 1],
  [1, -1],
  [1, 0.5],
  [1, Number.POSITIVE_INFINITY],
];

function run(seed: number, iterations: number): void {
  const random = seededRandom(seed);
  const windowTicks = 2 ** integerIn(random, 12, 14);
  let centre = CENTRES[integerIn(random, 0, CENTRES.length - 1)];
  const book = new OrderBook({ windowTicks });
  const naive = new NaiveBook();
  const fail = (event: number, what: string): never => {
    throw new Error(`seed ${seed}, window ${windowTicks}, event ${event}: ${what}`);
  };
  for (let event = 0; event < iterations; event++) {
    // The market walks, and at times jumps to another magnitude.
    if (random() < 0.01) centre = CENTRES[integerIn(random, 0, CENTRES.length - 1)];
    else if (random() < 0.1) centre = clip(centre + integerIn(random, -windowTicks, windowTicks));
    const bids = randomSide(random, naive, 'bid', centre);
    const asks = randomSide(random, naive, 'ask', centre);
    const spoilt = random() < 0.02;
    if (spoilt) {
      // Nothing of an event with a fault may stay, whatever stands before the fault, on either side.
      const fault = FAULTS[integerIn(random, 0, FAULTS.length - 1)];
      const inBids = random() < 0.5;
      const spoil = (pairs: Pairs, here: boolean) => levelColumns(here ? [...pairs, fault] : [...pairs]);
      const spoiled = { bids: spoil(bids, inBids), asks: spoil(asks, !inBids) };
      let refused = false;
      try {
        book.apply(spoiled);
      } catch {
        refused = true;
      }
      if (!refused) fail(event, 'a fault was accepted');
    } else {
      const whole = { bids: columns(bids), asks: columns(asks) };
      const method = random() < 0.005 ? 'load' : 'apply';
      book[method](whole);
      naive[method](whole);
    }
    const difference = event % 32 === 0 || spoilt ? bookDifference(book, naive) : topDifference(book, naive);
    if (difference !== undefined) fail(event, difference);
  }
  const difference = bookDifference(book, naive);
  if (difference !== undefined) fail(iterations, difference);
}

export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'OrderBook against two Maps',
  run,
};

import { integerIn, seededRandom } from '../testing/random.ts';
import { FastOrderBook } from './fast-order-book.ts';
import type { Side } from './levels.ts';

// The naive twin keeps decimals as BigInt fractions of 10^-20, read from the text by cutting it at the point.
const PLACES = 20;

function exact(text: string): bigint {
  const [whole, fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(PLACES, '0'));
}

function textOf(value: bigint): string {
  const digits = value.toString().padStart(PLACES + 1, '0');
  return `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`;
}

const STEPS = ['0.01', '0.1', '0.25', '0.5', '1', '5', '0.00000001', '0.005'];

function run(seed: number, iterations: number): void {
  const random = seededRandom(seed);
  const tickSize = STEPS[integerIn(random, 0, STEPS.length - 1)];
  const step = exact(tickSize);
  const book = new FastOrderBook({ tickSize, windowTicks: 4096 });
  const naive = { bid: new Map<bigint, bigint>(), ask: new Map<bigint, bigint>() };
  for (let at = 0; at < iterations; at++) {
    const side: Side = random() < 0.5 ? 'bid' : 'ask';
    const price = textOf(step * BigInt(integerIn(random, 0, 2_000_000)));
    const decimals = integerIn(random, 0, at < iterations / 2 ? 3 : 8);
    const lots = random() < 0.3 ? '0' : (integerIn(random, 0, 99_999) / 10 ** decimals).toFixed(decimals);
    // Half of the values as numbers: a number stands for its shortest text.
    const given = random() < 0.5 ? Number(price) : price;
    const quantity = random() < 0.5 ? Number(lots) : lots;
    if (side === 'bid') book.updateBid(given, quantity);
    else book.updateAsk(given, quantity);
    if (exact(lots) === 0n) naive[side].delete(exact(price));
    else naive[side].set(exact(price), exact(lots));
    const best = [...naive[side].keys()].reduce<bigint | undefined>(
      (found, key) => (found === undefined || (side === 'bid' ? key > found : key < found) ? key : found),
      undefined,
    );
    const level = side === 'bid' ? book.getBestBid() : book.getBestAsk();
    const wanted =
      best === undefined
        ? undefined
        : { price: Number(textOf(best)), quantity: Number(textOf(naive[side].get(best)!)) };
    if (level?.price !== wanted?.price || level?.quantity !== wanted?.quantity) {
      throw new Error(
        `seed ${seed}, tick ${tickSize}, update ${at}: ${JSON.stringify(level)} instead of ${JSON.stringify(wanted)}`,
      );
    }
  }
}

export const fuzz: { name: string; run(seed: number, iterations: number): void } = {
  name: 'FastOrderBook against BigInt decimals',
  run,
};

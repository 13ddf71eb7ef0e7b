import { StructuresError } from '../errors.ts';

/** Which side of a book: `bid` buys, `ask` sells. */
export type Side = 'bid' | 'ask';

/**
 * Price levels as columns: entry `i < length` is `lots[i]` at price `ticks[i]`; what lies beyond `length` is ignored.
 *
 * Both are non-negative safe integers, the price in ticks and the quantity in lots of the instrument. Quantities are
 * absolute and 0 deletes the level. Order does not matter; a price occurs at most once per side and event.
 */
export interface LevelColumns {
  ticks: Float64Array;
  lots: Float64Array;
  length: number;
}

/** One price level. */
export interface Level {
  readonly ticks: number;
  readonly lots: number;
}

/**
 * Makes columns: empty ones with room for `source` levels (for `depthInto` and decoders), or filled from
 * `[ticks, lots]` pairs. Nothing is checked here; the book checks when it applies them.
 */
export function levelColumns(source: number | readonly (readonly [ticks: number, lots: number])[]): LevelColumns {
  if (typeof source === 'number') {
    return { ticks: new Float64Array(source), lots: new Float64Array(source), length: 0 };
  }
  const length = source.length;
  const columns = { ticks: new Float64Array(length), lots: new Float64Array(length), length };
  for (let at = 0; at < length; at++) {
    columns.ticks[at] = source[at][0];
    columns.lots[at] = source[at][1];
  }
  return columns;
}

/**
 * Position of the first level that no book may hold, or −1. One pass over data that the next pass needs in cache anyway;
 * every branch is predicted.
 */
function firstFault({ ticks, lots, length }: LevelColumns): number {
  for (let at = 0; at < length; at++) {
    const price = ticks[at];
    const quantity = lots[at];
    if (
      !(price >= 0 && price <= Number.MAX_SAFE_INTEGER && quantity >= 0 && quantity <= Number.MAX_SAFE_INTEGER) ||
      price !== Math.floor(price) ||
      quantity !== Math.floor(quantity)
    ) {
      return at;
    }
  }
  return -1;
}

/** Throws `ERR_PERF_STRUCTURES_LEVEL` where a level is not a pair of non-negative safe integers, or the columns are too short. */
export function checkLevels(side: Side, levels: LevelColumns): void {
  const { ticks, lots, length } = levels;
  if (!(length >= 0 && length <= ticks.length && length <= lots.length) || length !== Math.floor(length)) {
    throw new StructuresError(
      'ERR_PERF_STRUCTURES_LEVEL',
      `${side} columns claim ${length} levels and have room for ${Math.min(ticks.length, lots.length)}: the event was not applied`,
      { side },
    );
  }
  const index = firstFault(levels);
  if (index === -1) return;
  throw new StructuresError(
    'ERR_PERF_STRUCTURES_LEVEL',
    `${side} level ${index} is ${lots[index]} lots at ${ticks[index]} ticks, both must be integers from 0 to 2^53 - 1: the event was not applied`,
    { side, index },
  );
}

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

/** Whether a number can be a price or a quantity. */
export function isCount(value: number): boolean {
  return value >= 0 && value <= Number.MAX_SAFE_INTEGER && Math.floor(value) === value;
}

/** Throws `ERR_PERF_STRUCTURES_LEVEL` where columns have fewer entries than they claim. */
export function checkColumns(side: Side, { ticks, lots, length }: LevelColumns): void {
  if (length >= 0 && length <= ticks.length && length <= lots.length && length === Math.floor(length)) return;
  throw new StructuresError(
    'ERR_PERF_STRUCTURES_LEVEL',
    `${side} columns claim ${length} levels and have room for ${Math.min(ticks.length, lots.length)}: the event was not applied`,
    { side },
  );
}

/** The same, and where a level is no pair of non-negative safe integers. */
export function checkLevels(side: Side, levels: LevelColumns): void {
  checkColumns(side, levels);
  for (let at = 0; at < levels.length; at++) {
    if (!isCount(levels.ticks[at]) || !isCount(levels.lots[at])) throw levelFault(side, levels, at);
  }
}

export function levelFault(side: Side, { ticks, lots }: LevelColumns, index: number): StructuresError {
  return new StructuresError(
    'ERR_PERF_STRUCTURES_LEVEL',
    `${side} level ${index} is ${lots[index]} lots at ${ticks[index]} ticks, both must be integers from 0 to 2^53 - 1: the event was not applied`,
    { side, index },
  );
}

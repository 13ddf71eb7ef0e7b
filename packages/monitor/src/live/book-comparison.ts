import type { OrderBook } from '@perf/structures';
import { levelColumns, type LevelColumns } from '../venues/records.ts';
import { SNAPSHOT_LEVELS } from './snapshot-requests.ts';

/** Best first, at most `SNAPSHOT_LEVELS` of each side: what a REST answer can be compared with. */
export interface TopLevels {
  readonly bids: LevelColumns;
  readonly asks: LevelColumns;
}

export function topLevels(book: OrderBook): TopLevels {
  const bids = levelColumns(SNAPSHOT_LEVELS);
  const asks = levelColumns(SNAPSHOT_LEVELS);
  book.depthInto('bid', bids, SNAPSHOT_LEVELS);
  book.depthInto('ask', asks, SNAPSHOT_LEVELS);
  return { bids, asks };
}

/**
 * The first level that differs, in words, or undefined.
 *
 * A book that began from a truncated snapshot knows nothing of the levels that lay outside it and were never touched
 * since. So levels are compared down to `knownFloorTicks` on the bid side and up to `knownCeilingTicks` on the ask side.
 */
export function bookDifference(
  ours: TopLevels,
  theirs: TopLevels,
  known: { readonly floorTicks: number; readonly ceilingTicks: number },
): string | undefined {
  return (
    sideDifference('bid', ours.bids, theirs.bids, (ticks) => ticks >= known.floorTicks) ??
    sideDifference('ask', ours.asks, theirs.asks, (ticks) => ticks <= known.ceilingTicks)
  );
}

function sideDifference(
  side: string,
  ours: LevelColumns,
  theirs: LevelColumns,
  isKnown: (ticks: number) => boolean,
): string | undefined {
  // Both are cut at the same number of levels, so they are compared as far as both reach.
  const length = Math.max(ours.length, theirs.length);
  for (let index = 0; index < length; index++) {
    const ourTicks = index < ours.length ? ours.ticks[index] : Number.NaN;
    const theirTicks = index < theirs.length ? theirs.ticks[index] : Number.NaN;
    if (!isKnown(Number.isNaN(ourTicks) ? theirTicks : ourTicks) && !isKnown(theirTicks)) return undefined;
    if (ourTicks !== theirTicks || ours.lots[index] !== theirs.lots[index]) {
      return `${side} level ${index}: ours ${show(ours, index)}, the exchange's ${show(theirs, index)}`;
    }
  }
  return undefined;
}

function show(levels: LevelColumns, index: number): string {
  return index < levels.length ? `${levels.lots[index]} @ ${levels.ticks[index]}` : 'none';
}

import type { LevelsColumn } from '../decoder/types.ts';
import { CLOSE_BRACKET, COMMA, OPEN_BRACKET } from '../scan-tokens.ts';
import { MAX_COUNT_BYTES, writeCount, type CountForm } from './count.ts';
import { REFUSED } from './refused.ts';

/** A pair of counts, its brackets, the comma inside and the one before. */
export const MAX_LEVEL_BYTES: number = 2 * MAX_COUNT_BYTES + 4;

/**
 * Writes the levels of a row as `[[price,quantity],…]` and returns the end. Refused are a count that has no text, entries
 * that the arrays do not have, and starts that go back; entry `n` is refused by `REFUSED - n`.
 */
export function writeLevels(
  view: DataView,
  from: number,
  { ticks, lots, starts }: LevelsColumn,
  row: number,
  price: CountForm,
  quantity: CountForm,
): number {
  const first = starts[row];
  const last = starts[row + 1];
  if (last < first) return REFUSED;
  let at = from;
  view.setUint8(at++, OPEN_BRACKET);
  for (let entry = first; entry < last; entry++) {
    if (entry > first) view.setUint8(at++, COMMA);
    view.setUint8(at++, OPEN_BRACKET);
    at = writeCount(view, at, ticks[entry], price);
    if (at < 0) return REFUSED - (entry - first);
    view.setUint8(at++, COMMA);
    at = writeCount(view, at, lots[entry], quantity);
    if (at < 0) return REFUSED - (entry - first);
    view.setUint8(at++, CLOSE_BRACKET);
  }
  view.setUint8(at, CLOSE_BRACKET);
  return at + 1;
}

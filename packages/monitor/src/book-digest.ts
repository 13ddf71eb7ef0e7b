import { createHash } from 'node:crypto';
import type { OrderBook } from '@perf/structures';
import { levelColumns } from './venues/records.ts';

/**
 * SHA-256 over every level of a book, as the lines `b\t<ticks>\t<lots>\n`, best bid first, then `a\t…`, best ask first.
 * Two books with the same digest hold the same levels.
 */
export function bookDigest(book: OrderBook): string {
  const hash = createHash('sha256');
  for (const [letter, side, count] of [
    ['b', 'bid', book.bidLevels],
    ['a', 'ask', book.askLevels],
  ] as const) {
    const columns = levelColumns(Math.max(1, count));
    const length = book.depthInto(side, columns, count);
    let text = '';
    for (let index = 0; index < length; index++) text += `${letter}\t${columns.ticks[index]}\t${columns.lots[index]}\n`;
    hash.update(text);
  }
  return hash.digest('hex');
}

import type { Level, LevelColumns, Side } from '../book/levels.ts';
import type { BookEvent, OrderBook } from '../book/order-book.ts';

/** The book as a beginner writes it: two Maps, best prices by looking at everything. */
export class NaiveBook {
  readonly bids: Map<number, number> = new Map();
  readonly asks: Map<number, number> = new Map();

  side(side: Side): Map<number, number> {
    return side === 'bid' ? this.bids : this.asks;
  }

  apply({ bids, asks }: BookEvent): void {
    applyTo(this.bids, bids);
    applyTo(this.asks, asks);
  }

  load(snapshot: BookEvent): void {
    this.bids.clear();
    this.asks.clear();
    this.apply(snapshot);
  }

  best(side: Side): number {
    let best = Number.NaN;
    for (const ticks of this.side(side).keys()) {
      if (Number.isNaN(best) || (side === 'bid' ? ticks > best : ticks < best)) best = ticks;
    }
    return best;
  }

  depth(side: Side): Level[] {
    const levels = Array.from(this.side(side), ([ticks, lots]) => ({ ticks, lots }));
    return levels.sort((a, b) => (side === 'bid' ? b.ticks - a.ticks : a.ticks - b.ticks));
  }
}

function applyTo(side: Map<number, number>, { ticks, lots, length }: LevelColumns): void {
  for (let at = 0; at < length; at++) {
    if (lots[at] === 0) side.delete(ticks[at]);
    else side.set(ticks[at], lots[at]);
  }
}

/** What differs at the top and in the counts, or undefined. */
export function topDifference(book: OrderBook, naive: NaiveBook): string | undefined {
  const out = new Float64Array(4);
  book.bestInto(out);
  const bid = naive.best('bid');
  const ask = naive.best('ask');
  const wanted = [bid, naive.bids.get(bid) ?? Number.NaN, ask, naive.asks.get(ask) ?? Number.NaN];
  const same = wanted.every((value, at) => Object.is(value, out[at]));
  if (!same) return `best prices [${out.join(', ')}] instead of [${wanted.join(', ')}]`;
  if (book.bidLevels !== naive.bids.size) return `${book.bidLevels} bids instead of ${naive.bids.size}`;
  if (book.askLevels !== naive.asks.size) return `${book.askLevels} asks instead of ${naive.asks.size}`;
  return undefined;
}

/** What differs anywhere, or undefined. */
export function bookDifference(book: OrderBook, naive: NaiveBook): string | undefined {
  const top = topDifference(book, naive);
  if (top !== undefined) return top;
  for (const side of ['bid', 'ask'] as const) {
    const wanted = naive.depth(side);
    const found = book.depth(side);
    for (const [at, level] of wanted.entries()) {
      if (!Object.is(found[at].ticks, level.ticks) || found[at].lots !== level.lots) {
        return `${side} ${at} is ${found[at].lots} at ${found[at].ticks} instead of ${level.lots} at ${level.ticks}`;
      }
      if (book.lotsAt(side, level.ticks) !== level.lots) return `lotsAt(${side}, ${level.ticks})`;
    }
  }
  return undefined;
}

import type { BookTickerRecord } from './venues/records.ts';

/** The best prices of a book, in ticks and lots; NaN where a side is empty. */
export interface BestPrices {
  bidTicks: number;
  bidLots: number;
  askTicks: number;
  askLots: number;
}

interface BestAt extends BestPrices {
  readonly updateId: number;
}

/** More tickers than any venue sends between two depth events; 26 is the most seen in the recorded feed. */
const MAX_TICKERS = 1 << 16;

/**
 * Compares a book with the exchange's own best bid and ask.
 *
 * The rule: after a depth event, the last ticker with `ticker.u <= event.u` must equal the top of the book, price and
 * quantity. Depth events are batches and the two streams interleave loosely, so the right ticker may have been read
 * before newer ones, or may still be to come:
 *
 * ```
 *   read:    t1  t2  t3  D(u=15)  t4            ticker ids: t1=9  t2=14  t3=17  t4=18
 *                 └── the one for D; t3 is newer than D although it came first
 * ```
 *
 * An event is therefore decided when a ticker with a larger id is known, or at the end of the feed.
 */
export class BookCheck {
  checks = 0;
  equal = 0;
  /** Events for which no ticker at or before them was seen. */
  undecided = 0;
  firstMismatch: string | undefined;

  #tickers: BestAt[] = [];
  #waiting: BestAt[] = [];

  ticker(record: BookTickerRecord): void {
    const newest = this.#tickers.at(-1);
    // Ids only grow on a connection; one that goes back belongs to a new connection or to nothing we can place.
    if (newest !== undefined && record.updateId <= newest.updateId) return;
    const { updateId, bidTicks, bidLots, askTicks, askLots } = record;
    this.#tickers.push({ updateId, bidTicks, bidLots, askTicks, askLots });
    if (this.#waiting.length > 0) this.#decide(false);
    else if (this.#tickers.length > MAX_TICKERS) this.#tickers.splice(0, MAX_TICKERS / 2);
  }

  /** The top of the book right after the depth event `updateId` was applied. */
  applied(updateId: number, best: BestPrices): void {
    this.#waiting.push({ updateId, ...best });
    this.#decide(false);
  }

  /** No more tickers will come: decides what is waiting by the last one. */
  finish(): void {
    this.#decide(true);
  }

  /** Forgets what is waiting: after a gap the book no longer continues. */
  reset(): void {
    this.#waiting = [];
    this.#tickers = [];
  }

  /** Multiplies what is kept when the scales were refined. */
  rescale(tickFactor: number, lotFactor: number): void {
    for (const best of [...this.#tickers, ...this.#waiting]) {
      best.bidTicks *= tickFactor;
      best.askTicks *= tickFactor;
      best.bidLots *= lotFactor;
      best.askLots *= lotFactor;
    }
  }

  #decide(final: boolean): void {
    const newestId = this.#tickers.at(-1)?.updateId ?? -1;
    let decided = 0;
    for (const event of this.#waiting) {
      if (!final && newestId <= event.updateId) break;
      this.#compare(event);
      decided++;
    }
    this.#waiting.splice(0, decided);
  }

  #compare(event: BestAt): void {
    const index = lastAtOrBefore(this.#tickers, event.updateId);
    if (index < 0) {
      this.undecided++;
      return;
    }
    const ticker = this.#tickers[index];
    this.checks++;
    if (same(ticker, event)) this.equal++;
    else this.firstMismatch ??= `update ${event.updateId}: book ${show(event)}, exchange ${show(ticker)}`;
    // Later events have larger ids, so older tickers are done with.
    this.#tickers.splice(0, index);
  }
}

function lastAtOrBefore(tickers: readonly BestAt[], updateId: number): number {
  let low = 0;
  let high = tickers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (tickers[middle].updateId <= updateId) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function same(a: BestPrices, b: BestPrices): boolean {
  return a.bidTicks === b.bidTicks && a.bidLots === b.bidLots && a.askTicks === b.askTicks && a.askLots === b.askLots;
}

function show({ bidTicks, bidLots, askTicks, askLots }: BestPrices): string {
  return `${bidLots} @ ${bidTicks} / ${askLots} @ ${askTicks}`;
}

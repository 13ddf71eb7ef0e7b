import type { BookSide } from '../market/book.ts';

interface Snapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

interface DepthUpdate {
  readonly U: number;
  readonly u: number;
  readonly pu: number;
  readonly b: readonly Level[];
  readonly a: readonly Level[];
}

type Level = readonly [price: string, quantity: string];

/**
 * A book of two Maps, kept by the venue's published procedure and nothing else: buffer, snapshot, drop `u < lastUpdateId`,
 * first event `U <= lastUpdateId <= u`, then `pu` equals the `u` before. Throws where the procedure says "start again".
 * https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/How-to-manage-a-local-order-book-correctly
 */
export class NaiveBook {
  readonly bids: Map<string, string> = new Map<string, string>();
  readonly asks: Map<string, string> = new Map<string, string>();
  lastId = 0;
  #buffered: DepthUpdate[] | undefined = [];
  #synced = false;

  event(update: DepthUpdate): void {
    if (this.#buffered === undefined) this.#apply(update);
    else this.#buffered.push(update);
  }

  snapshot({ lastUpdateId, bids, asks }: Snapshot): void {
    for (const [price, quantity] of bids) this.bids.set(price, quantity);
    for (const [price, quantity] of asks) this.asks.set(price, quantity);
    this.lastId = lastUpdateId;
    const buffered = this.#buffered ?? [];
    this.#buffered = undefined;
    for (const update of buffered) this.#apply(update);
  }

  /** Best bid and ask price and quantity, as the ticker has them. */
  top(): string[] {
    const bid = [...this.bids.keys()].reduce((best, price) => (Number(price) > Number(best) ? price : best));
    const ask = [...this.asks.keys()].reduce((best, price) => (Number(price) < Number(best) ? price : best));
    return [bid, this.bids.get(bid) ?? '', ask, this.asks.get(ask) ?? ''];
  }

  sorted(): { bids: Level[]; asks: Level[] } {
    return {
      bids: [...this.bids].sort(([a], [b]) => Number(b) - Number(a)),
      asks: [...this.asks].sort(([a], [b]) => Number(a) - Number(b)),
    };
  }

  #apply(update: DepthUpdate): void {
    if (!this.#synced) {
      if (update.u < this.lastId) return;
      if (update.U > this.lastId) throw new Error(`first event ${update.U}..${update.u} does not cover ${this.lastId}`);
      this.#synced = true;
    } else if (update.pu !== this.lastId) {
      throw new Error(`event after ${update.pu} does not follow ${this.lastId}`);
    }
    if (update.U > update.u) throw new Error(`event ${update.U}..${update.u} is empty`);
    applySide(this.bids, update.b);
    applySide(this.asks, update.a);
    this.lastId = update.u;
  }
}

function applySide(side: Map<string, string>, levels: readonly Level[]): void {
  for (const [price, quantity] of levels) {
    if (Number(quantity) === 0) side.delete(price);
    else side.set(price, quantity);
  }
}

/** All levels of a side, best first, as `ticks:lots`. */
export function levelsOf(side: BookSide): string[] {
  return Array.from({ length: side.length }, (_, rank) => `${side.ticksAt(rank)}:${side.lotsAt(rank)}`);
}

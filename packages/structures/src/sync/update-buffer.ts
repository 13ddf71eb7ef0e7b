import type { LevelColumns } from '../book/levels.ts';
import type { DepthUpdate } from './depth.ts';

const INITIAL_LEVELS = 1024;

interface Kept {
  readonly update: Omit<DepthUpdate, 'bids' | 'asks'>;
  readonly from: number;
  readonly bids: number;
  readonly asks: number;
}

/** Copies of updates that wait for a snapshot, their levels in one pair of columns. */
export class UpdateBuffer {
  #kept: Kept[] = [];
  #ticks = new Float64Array(0);
  #lots = new Float64Array(0);
  #levels = 0;

  get length(): number {
    return this.#kept.length;
  }

  get levels(): number {
    return this.#levels;
  }

  get last(): Kept['update'] | undefined {
    return this.#kept.at(-1)?.update;
  }

  /** Ids of the update at a position. */
  idsAt(index: number): Kept['update'] {
    return this.#kept[index].update;
  }

  push(update: DepthUpdate): void {
    const { symbol, firstId, lastId, previousId, eventTimeMs, bids, asks } = update;
    const from = this.#levels;
    this.#room(from + bids.length + asks.length);
    this.#copy(bids);
    this.#copy(asks);
    this.#kept.push({
      update: { symbol, firstId, lastId, previousId, eventTimeMs },
      from,
      bids: bids.length,
      asks: asks.length,
    });
  }

  /** The update at a position; its columns are views that hold until `clear`. */
  at(index: number): DepthUpdate {
    const { update, from, bids, asks } = this.#kept[index];
    return { ...update, bids: this.#view(from, bids), asks: this.#view(from + bids, asks) };
  }

  /** Also gives the memory back: a buffer is used for seconds, a live book runs for days. */
  clear(): void {
    this.#kept = [];
    this.#levels = 0;
    if (this.#ticks.length === 0) return;
    this.#ticks = new Float64Array(0);
    this.#lots = new Float64Array(0);
  }

  #view(from: number, length: number): LevelColumns {
    return { ticks: this.#ticks.subarray(from, from + length), lots: this.#lots.subarray(from, from + length), length };
  }

  #copy({ ticks, lots, length }: LevelColumns): void {
    this.#ticks.set(ticks.subarray(0, length), this.#levels);
    this.#lots.set(lots.subarray(0, length), this.#levels);
    this.#levels += length;
  }

  #room(levels: number): void {
    if (levels <= this.#ticks.length) return;
    const capacity = Math.max(INITIAL_LEVELS, levels, this.#ticks.length * 2);
    const ticks = new Float64Array(capacity);
    const lots = new Float64Array(capacity);
    ticks.set(this.#ticks);
    lots.set(this.#lots);
    this.#ticks = ticks;
    this.#lots = lots;
  }
}

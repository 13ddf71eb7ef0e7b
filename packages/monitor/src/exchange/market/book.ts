// One side of a book: levels sorted by key, the best one last.
//
//   bids  key =  ticks      61799  61800  61801      asks  key = -ticks     -61804  -61803  -61802
//                                         best                                             best
//
// With the sign, both sides are the same code, "better" is always "greater", and a list of keys says which side each
// belongs to. A side has at most a thousand levels here, so a binary search and a short copyWithin beat every tree.

const FIRST_CAPACITY = 1024;

export class BookSide {
  /** +1 for bids, −1 for asks. */
  readonly sign: 1 | -1;
  length = 0;
  #keys = new Float64Array(FIRST_CAPACITY);
  #lots = new Float64Array(FIRST_CAPACITY);

  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  /** Key of the level at `rank` (0 is the best). */
  keyAt(rank: number): number {
    return this.#keys[this.length - 1 - rank];
  }

  ticksAt(rank: number): number {
    return this.#keys[this.length - 1 - rank] * this.sign;
  }

  lotsAt(rank: number): number {
    return this.#lots[this.length - 1 - rank];
  }

  /** Lots at a key, 0 where no level is. O(log n). */
  lotsOf(key: number): number {
    const at = this.#lowerBound(key);
    return at < this.length && this.#keys[at] === key ? this.#lots[at] : 0;
  }

  /** Puts `lots` at the key; 0 removes the level. O(log n), and a move of what is better than it. */
  set(key: number, lots: number): void {
    const at = this.#lowerBound(key);
    const present = at < this.length && this.#keys[at] === key;
    if (lots === 0) {
      if (present) this.#remove(at);
    } else if (present) {
      this.#lots[at] = lots;
    } else {
      this.#insert(at, key, lots);
    }
  }

  #insert(at: number, key: number, lots: number): void {
    if (this.length === this.#keys.length) this.#grow();
    this.#keys.copyWithin(at + 1, at, this.length);
    this.#lots.copyWithin(at + 1, at, this.length);
    this.#keys[at] = key;
    this.#lots[at] = lots;
    this.length++;
  }

  #remove(at: number): void {
    this.#keys.copyWithin(at, at + 1, this.length);
    this.#lots.copyWithin(at, at + 1, this.length);
    this.length--;
  }

  #grow(): void {
    const keys = new Float64Array(this.#keys.length * 2);
    const lots = new Float64Array(this.#keys.length * 2);
    keys.set(this.#keys);
    lots.set(this.#lots);
    this.#keys = keys;
    this.#lots = lots;
  }

  /** First index whose key is not below `key`. Most changes are near the best, so the last one is tried first. */
  #lowerBound(key: number): number {
    const keys = this.#keys;
    let high = this.length;
    if (high === 0 || key > keys[high - 1]) return high;
    let low = 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

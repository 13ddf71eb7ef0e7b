// One side of a book: a dense ring window around the best price, a two-level bitmap over it, a hash for the rest.
//
//   key        bids: ticks, asks: -1 - ticks (as `~ticks`, for doubles), so the best price is the highest key on both sides
//   overflow                     window: `size` keys from `base`
//   ──────────────────────┤base ·····▮··▮▮···▮▮▮▮best ·········├ base + size
//   hash of lower keys      slot = key & (size - 1)      headroom: never a level above the best
//
//   lots    Float64Array(size)        0 = no level
//   words   Int32Array(size / 32)     bit = slot holds a level
//   groups  Int32Array(size / 1024)   bit = word is not 0
//
// Moving the window moves no array: a slot belongs to the key that is congruent to it, so only the keys that leave and
// enter are touched. `base` is a multiple of 1,024, so that no word and no group straddles the wrap. Between calls:
//   1. if the side has levels, the best one is inside the window (`inside` > 0), so best price is one addition;
//   2. every overflow key is below `base`.
// Layouts tried and measured: design.md.

import { isCount } from './levels.ts';
import type { LevelColumns, Side } from './levels.ts';
import { OverflowLevels } from './overflow-levels.ts';

const GROUP = 1024;

export class BookSide {
  readonly size: number;
  /** Key = ticks × sign + bias, and the same formula leads back. */
  readonly sign: number;
  readonly bias: number;
  readonly overflow: OverflowLevels = new OverflowLevels();
  base = 0;
  /** Offset of the best level from `base`, −1 when the side is empty. */
  best = -1;
  /** Levels inside the window. */
  inside = 0;
  /** How often the window has moved. */
  moves = 0;
  readonly #lots: Float64Array;
  readonly #words: Int32Array;
  readonly #groups: Int32Array;
  readonly #nearest: number;
  readonly #farthest: number;
  /** Per level of the event that was applied last, the quantity before it. */
  #before: Float64Array = new Float64Array(64);
  #sorted: Float64Array = new Float64Array(0);
  readonly #single: LevelColumns = { ticks: new Float64Array(1), lots: new Float64Array(1), length: 1 };

  constructor(side: Side, windowTicks: number) {
    this.size = windowTicks;
    this.sign = side === 'bid' ? 1 : -1;
    this.bias = side === 'bid' ? 0 : -1;
    this.#lots = new Float64Array(windowTicks);
    this.#words = new Int32Array(windowTicks >>> 5);
    this.#groups = new Int32Array(windowTicks >>> 10);
    // Headroom that is kept without moving. A move leaves between size/8 and size/8 + 1,023, so the upper bound must not
    // lie below that, or the smallest window would try to move on every event.
    this.#nearest = windowTicks >>> 5;
    this.#farthest = Math.max(windowTicks >>> 2, (windowTicks >>> 3) + GROUP);
  }

  get levels(): number {
    return this.inside + this.overflow.count;
  }

  /** Price of the best level; only where the side has levels. */
  get bestTicks(): number {
    return (this.base + this.best) * this.sign + this.bias;
  }

  get bestLots(): number {
    return this.#lots[(this.base + this.best) & (this.size - 1)];
  }

  lotsAt(ticks: number): number {
    const key = ticks * this.sign + this.bias;
    const distance = key - this.base;
    if (distance >= 0) return distance < this.size ? this.#lots[key & (this.size - 1)] + 0 : 0;
    return this.overflow.get(key);
  }

  /**
   * Applies one side of an event; returns −1, or the position of a level that no book may hold, with nothing applied. Per
   * level one lookup, no allocation unless a table grows.
   *
   * Levels are checked on the way and undone after a fault: a pass of its own before the first change cost a sixth of the
   * whole update, noting the old quantity next to nothing.
   */
  apply(levels: LevelColumns): number {
    const { ticks, lots: quantities, length } = levels;
    if (length > this.#before.length) this.#before = new Float64Array(2 ** Math.ceil(Math.log2(length)));
    const befores = this.#before;
    const { sign, bias, size } = this;
    const mask = size - 1;
    const lots = this.#lots;
    const words = this.#words;
    const groups = this.#groups;
    // In locals for the length of the loop: written back and read again around every call that can move the window.
    let base = this.base;
    let best = this.best;
    let inside = this.inside;
    let fault = -1;
    for (let at = 0; at < length; at++) {
      const price = ticks[at];
      const quantity = quantities[at];
      if (
        !(price >= 0 && price <= Number.MAX_SAFE_INTEGER && quantity >= 0 && quantity <= Number.MAX_SAFE_INTEGER) ||
        Math.floor(price) !== price ||
        Math.floor(quantity) !== quantity
      ) {
        fault = at;
        break;
      }
      const key = price * sign + bias;
      const distance = key - base;
      if (distance >= 0 && distance < size) {
        const offset = distance | 0;
        const slot = key & mask; // a double modulo 2^32, exact for every safe integer
        const before = lots[slot];
        befores[at] = before;
        lots[slot] = quantity;
        if (quantity !== 0) {
          if (before === 0) {
            const word = slot >>> 5;
            words[word] |= 1 << slot;
            groups[slot >>> 10] |= 1 << word;
            inside++;
            if (offset > best) best = offset;
          }
        } else if (before !== 0) {
          const word = slot >>> 5;
          const rest = words[word] & ~(1 << slot);
          words[word] = rest;
          if (rest === 0) groups[slot >>> 10] &= ~(1 << word);
          inside--;
          if (offset === best) {
            if (inside > 0) {
              best = this.#below(offset);
            } else {
              this.inside = 0;
              this.#refill();
              base = this.base;
              best = this.best;
              inside = this.inside;
            }
          }
        }
      } else if (distance < 0 && inside > 0) {
        befores[at] = this.overflow.set(key, quantity);
      } else if (quantity === 0) {
        befores[at] = 0;
      } else {
        // Ahead of the window, or the first level of the side: the window goes there, then the level is inside.
        this.best = best;
        this.inside = inside;
        this.#moveTo(this.#baseFor(key));
        base = this.base;
        best = this.best;
        inside = this.inside;
        at--;
      }
    }
    this.best = best;
    this.inside = inside;
    if (fault > 0) this.undo(levels, fault);
    else this.#settle();
    return fault;
  }

  /**
   * Sets one level; false where no book may hold it. What a batch prepares for many levels costs more than one of them,
   * so an update inside the window is made directly; the few that can move the window go through `apply`.
   */
  set(price: number, quantity: number): boolean {
    if (!isCount(price) || !isCount(quantity)) return false;
    const key = price * this.sign + this.bias;
    const distance = key - this.base;
    if (distance >= 0 && distance < this.size) {
      const offset = distance | 0;
      const slot = key & (this.size - 1);
      const word = slot >>> 5;
      const before = this.#lots[slot];
      if (quantity !== 0) {
        this.#lots[slot] = quantity;
        if (before !== 0) return true;
        this.#words[word] |= 1 << slot;
        this.#groups[slot >>> 10] |= 1 << word;
        this.inside++;
        if (offset > this.best) {
          this.best = offset;
          this.#settle();
        }
        return true;
      }
      if (before === 0) return true;
      if (this.inside > 1) {
        this.#lots[slot] = 0;
        const rest = this.#words[word] & ~(1 << slot);
        this.#words[word] = rest;
        if (rest === 0) this.#groups[slot >>> 10] &= ~(1 << word);
        this.inside--;
        if (offset === this.best) {
          this.best = this.#below(offset);
          this.#settle();
        }
        return true;
      }
    } else if (distance < 0 && this.inside > 0) {
      this.overflow.set(key, quantity);
      return true;
    }
    const single = this.#single;
    single.ticks[0] = price;
    single.lots[0] = quantity;
    this.apply(single);
    return true;
  }

  /** Takes back the first `count` levels of the event that was applied last: the old quantities, in reverse order. */
  undo(levels: LevelColumns, count: number): void {
    const ticks = levels.ticks.slice(0, count).reverse();
    this.apply({ ticks, lots: this.#before.slice(0, count).reverse(), length: count });
  }

  /** Replaces all levels by checked ones. The window is placed by the best one first, whatever their order. */
  load(levels: LevelColumns): void {
    this.clear();
    let highest = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < levels.length; at++) {
      const key = levels.ticks[at] * this.sign + this.bias;
      if (levels.lots[at] !== 0 && key > highest) highest = key;
    }
    if (highest === Number.NEGATIVE_INFINITY) return;
    this.base = this.#baseFor(highest);
    // `apply` puts a lower key aside only once the window holds a level; the best of all is in place before that.
    this.#put(highest, this.#quantityOf(levels, highest));
    this.apply(levels);
  }

  #quantityOf(levels: LevelColumns, key: number): number {
    let quantity = 0;
    for (let at = 0; at < levels.length; at++) {
      if (levels.ticks[at] * this.sign + this.bias === key && levels.lots[at] !== 0) quantity = levels.lots[at];
    }
    return quantity;
  }

  clear(): void {
    if (this.inside > 0) {
      this.#lots.fill(0);
      this.#words.fill(0);
      this.#groups.fill(0);
    }
    this.overflow.clear();
    this.base = 0;
    this.best = -1;
    this.inside = 0;
  }

  /** Writes the best `count` levels from the best outwards. Allocates only past the window, where it has to sort. */
  depthInto(out: LevelColumns, count: number): number {
    const { ticks, lots: quantities } = out;
    const { sign, bias, base } = this;
    const mask = this.size - 1;
    const lots = this.#lots;
    const within = Math.min(count, this.inside);
    const words = this.#words;
    const groups = this.#groups;
    const first = base & mask;
    // Bit by bit within a word, word by word within a group: a search from the top for every level cost twice as much.
    const start = (first + this.best) & mask;
    let word = start >>> 5;
    let bits = within > 0 ? words[word] & (-1 >>> (31 - (start & 31))) : 0;
    for (let at = 0; at < within; at++) {
      if (bits === 0) {
        let group = word >>> 5;
        let filled = groups[group] & ((1 << word) - 1);
        while (filled === 0) {
          group = (group - 1) & (groups.length - 1);
          filled = groups[group];
        }
        word = (group << 5) + 31 - Math.clz32(filled);
        bits = words[word];
      }
      const bit = 31 - Math.clz32(bits);
      bits ^= 1 << bit;
      const slot = (word << 5) + bit;
      ticks[at] = (base + ((slot - first) & mask)) * sign + bias;
      quantities[at] = lots[slot];
    }
    const total = Math.min(count, this.levels);
    if (total > within) this.#overflowInto(out, within, total);
    out.length = total;
    return total;
  }

  #overflowInto(out: LevelColumns, from: number, to: number): void {
    const { keys, lots, count } = this.overflow;
    if (this.#sorted.length < count) this.#sorted = new Float64Array(keys.length);
    let found = 0;
    for (let slot = 0; slot < keys.length; slot++) if (lots[slot] !== 0) this.#sorted[found++] = keys[slot];
    const sorted = this.#sorted.subarray(0, count).sort();
    for (let at = from; at < to; at++) {
      const key = sorted[--found];
      out.ticks[at] = key * this.sign + this.bias;
      out.lots[at] = this.overflow.get(key);
    }
  }

  /** Offset of the next level below, −1 when there is none in the window. At most size/1,024 groups are looked at. */
  #below(offset: number): number {
    const words = this.#words;
    const groups = this.#groups;
    const slot = (this.base + offset) & (this.size - 1);
    const word = slot >>> 5;
    let bits = words[word] & ~(-1 << slot);
    if (bits !== 0) return offset - (slot & 31) + 31 - Math.clz32(bits);
    let group = slot >>> 10;
    let start = offset - (slot & (GROUP - 1));
    bits = groups[group] & ~(-1 << word);
    while (bits === 0) {
      start -= GROUP;
      if (start < 0) return -1;
      group = (group - 1) & (groups.length - 1);
      bits = groups[group];
    }
    const highWord = 31 - Math.clz32(bits);
    return start + (highWord << 5) + 31 - Math.clz32(words[(group << 5) + highWord]);
  }

  /** Base that leaves size/8 above `key`. Rounded up: rounding down would put the key outside windows under 2^13. */
  #baseFor(key: number): number {
    return Math.ceil((key - this.size + (this.size >>> 3)) / GROUP) * GROUP;
  }

  /** At the end of an event: follows the best price when it has come near the upper end or fallen far below it. */
  #settle(): void {
    if (this.inside === 0) return;
    const headroom = this.size - this.best;
    if (headroom >= this.#nearest && headroom <= this.#farthest) return;
    const base = this.#baseFor(this.base + this.best);
    if (base !== this.base) this.#moveTo(base);
  }

  /** The window has no level left: goes to the best one outside, if any. */
  #refill(): void {
    this.best = -1;
    if (this.overflow.count > 0) this.#moveTo(this.#baseFor(this.overflow.highestKey()));
  }

  #moveTo(base: number): void {
    const shift = base - this.base;
    this.moves++;
    if (shift > 0) {
      if (this.inside > 0) this.#evict(Math.min(shift, this.size));
      this.base = base;
      this.best = this.inside > 0 ? this.best - shift : -1;
      return;
    }
    // Downwards nothing can leave: there is no level above the best, and the best stays below the new end.
    this.base = base;
    if (this.inside > 0) this.best -= shift;
    const { overflow } = this;
    if (overflow.count === 0) return;
    const { keys, lots } = overflow;
    // Removing closes the run, so the same slot is looked at again; what wraps around from the start was seen before.
    for (let slot = 0; slot < keys.length;) {
      if (lots[slot] !== 0 && keys[slot] >= base) {
        this.#put(keys[slot], lots[slot]);
        overflow.removeAt(slot);
      } else {
        slot++;
      }
    }
  }

  /** Moves the levels of the lowest `count` offsets (whole groups) to the overflow. */
  #evict(count: number): void {
    const words = this.#words;
    const groups = this.#groups;
    const lots = this.#lots;
    const first = this.base & (this.size - 1);
    for (let start = 0; start < count; start += GROUP) {
      const group = ((first + start) & (this.size - 1)) >>> 10;
      const base = this.base + start;
      while (groups[group] !== 0) {
        const inGroup = 31 - Math.clz32(groups[group]);
        const word = (group << 5) + inGroup;
        while (words[word] !== 0) {
          const bit = 31 - Math.clz32(words[word]);
          const slot = (word << 5) + bit;
          this.overflow.set(base + (inGroup << 5) + bit, lots[slot]);
          lots[slot] = 0;
          words[word] &= ~(1 << bit);
          this.inside--;
        }
        groups[group] &= ~(1 << inGroup);
      }
    }
  }

  /** A level that is new and inside the window. */
  #put(key: number, quantity: number): void {
    const slot = key & (this.size - 1);
    const word = slot >>> 5;
    this.#lots[slot] = quantity;
    this.#words[word] |= 1 << slot;
    this.#groups[slot >>> 10] |= 1 << word;
    this.inside++;
    const offset = key - this.base;
    if (offset > this.best) this.best = offset;
  }
}

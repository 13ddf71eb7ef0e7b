// Levels outside the dense window: an open-addressed hash on two typed arrays.
//
//   keys  [ 61800 |   -   | 48211 | 48212 |   -   | … ]     slot = hash(key), then the next free one
//   lots  [   12  |   0   |   7   |   40  |   0   | … ]     0 lots = free slot, so no tombstones and no marker key
//
// A removed entry is closed up by moving the rest of its run back, which keeps every run gapless: a long-lived book
// deletes as often as it inserts, and tombstones would turn lookups into scans.

const INITIAL_CAPACITY = 256;
/** Grown beyond this load (7/16): linear probing stays under two probes on average. */
const LOAD_NUMERATOR = 7;
const LOAD_SHIFT = 4;
/** 2^32 / golden ratio, odd: spreads neighbouring ticks over the table (Knuth, multiplicative hashing). */
const SPREAD = 0x9e3779b1;
const SPREAD_HIGH = 0x85ebca6b;
const TWO_POW_MINUS_32 = 2 ** -32;

/** Keys are safe integers held as doubles; quantities are positive. Amortised O(1) `set`, allocation only on growth. */
export class OverflowLevels {
  count: number;
  keys: Float64Array;
  lots: Float64Array;
  #mask: number;
  #shift: number;
  #growAt: number;

  constructor() {
    this.count = 0;
    this.keys = new Float64Array(INITIAL_CAPACITY);
    this.lots = new Float64Array(INITIAL_CAPACITY);
    this.#mask = INITIAL_CAPACITY - 1;
    this.#shift = Math.clz32(INITIAL_CAPACITY - 1);
    this.#growAt = (INITIAL_CAPACITY * LOAD_NUMERATOR) >> LOAD_SHIFT;
  }

  get capacity(): number {
    return this.#mask + 1;
  }

  /** `| 0` takes a double modulo 2^32, exactly, so both halves of a key take part. */
  #slotOf(key: number): number {
    return (
      Math.imul((key | 0) ^ Math.imul(Math.floor(key * TWO_POW_MINUS_32) | 0, SPREAD_HIGH), SPREAD) >>> this.#shift
    );
  }

  get(key: number): number {
    const { keys, lots } = this;
    const mask = this.#mask;
    let slot = this.#slotOf(key);
    while (lots[slot] !== 0) {
      if (keys[slot] === key) return lots[slot];
      slot = (slot + 1) & mask;
    }
    return 0;
  }

  /** Sets the quantity at `key` and returns the one before; 0 is none. */
  set(key: number, quantity: number): number {
    const { keys, lots } = this;
    const mask = this.#mask;
    let slot = this.#slotOf(key);
    while (lots[slot] !== 0) {
      if (keys[slot] === key) {
        const before = lots[slot];
        if (quantity === 0) this.removeAt(slot);
        else lots[slot] = quantity;
        return before;
      }
      slot = (slot + 1) & mask;
    }
    if (quantity === 0) return 0;
    keys[slot] = key;
    lots[slot] = quantity;
    if (++this.count > this.#growAt) this.#grow();
    return 0;
  }

  /** Frees a slot and closes the run behind it. The slot may hold another entry afterwards. */
  removeAt(hole: number): void {
    const { keys, lots } = this;
    const mask = this.#mask;
    this.count--;
    let slot = (hole + 1) & mask;
    while (lots[slot] !== 0) {
      // Distance from home: an entry may move back to the hole only if its home is not behind the hole.
      const home = this.#slotOf(keys[slot]);
      if (((slot - home) & mask) >= ((slot - hole) & mask)) {
        keys[hole] = keys[slot];
        lots[hole] = lots[slot];
        hole = slot;
      }
      slot = (slot + 1) & mask;
    }
    lots[hole] = 0;
  }

  /** The highest key, or −Infinity. O(capacity): only when the window has run empty. */
  highestKey(): number {
    const { keys, lots } = this;
    let highest = Number.NEGATIVE_INFINITY;
    for (let slot = 0; slot < keys.length; slot++) if (lots[slot] !== 0 && keys[slot] > highest) highest = keys[slot];
    return highest;
  }

  clear(): void {
    if (this.#mask + 1 > INITIAL_CAPACITY) this.#allocate(INITIAL_CAPACITY);
    else this.lots.fill(0);
    this.count = 0;
  }

  #allocate(capacity: number): void {
    this.keys = new Float64Array(capacity);
    this.lots = new Float64Array(capacity);
    this.#mask = capacity - 1;
    this.#shift = Math.clz32(capacity - 1);
    this.#growAt = (capacity * LOAD_NUMERATOR) >> LOAD_SHIFT;
  }

  #grow(): void {
    const { keys, lots } = this;
    this.#allocate(keys.length * 2);
    const mask = this.#mask;
    for (let from = 0; from < keys.length; from++) {
      if (lots[from] === 0) continue;
      let slot = this.#slotOf(keys[from]);
      while (this.lots[slot] !== 0) slot = (slot + 1) & mask;
      this.keys[slot] = keys[from];
      this.lots[slot] = lots[from];
    }
  }
}

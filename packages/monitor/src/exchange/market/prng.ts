// sfc32 ("small fast counter", Chris Doty-Humphrey, PractRand): 128 bits of state, 32-bit operations only, passes
// PractRand to terabytes, and its counter forbids a cycle shorter than 2^32.
//
// Everything that the market draws goes through here, and nothing here calls Math.log, exp, pow or a sine: their last
// bits belong to the engine, and the same seed has to give the same bytes on every one. Additions, products, quotients
// and square roots are exact to the last bit by IEEE 754.

const TWO_POW_32 = 4_294_967_296;
/** Rounds that spread a thin seed over the whole state, as PractRand does it. */
const WARM_UP_ROUNDS = 15;
/** Four uniforms on [0, 1) have a variance of 1/3: times this, their centred sum has a variance of one. */
const SQRT_3: number = Math.sqrt(3);

/** A seeded stream of random numbers: the same seed and name give the same stream, and names are independent. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d = 1;

  constructor(seed: number, name: string) {
    this.#a = (seed % TWO_POW_32) | 0;
    this.#b = Math.floor(seed / TWO_POW_32) | 0;
    this.#c = fnv1a(name);
    for (let round = 0; round < WARM_UP_ROUNDS; round++) this.next();
  }

  /** A 32-bit unsigned integer. */
  next(): number {
    const result = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** Uniform on [0, 1). */
  unit(): number {
    return this.next() / TWO_POW_32;
  }

  /** Uniform integer on [0, bound). */
  below(bound: number): number {
    return Math.floor((this.next() / TWO_POW_32) * bound);
  }

  /**
   * Exponential with mean one, by comparisons alone (von Neumann 1951): a first uniform x is kept when the run of
   * falling uniforms that it starts has an odd length, which happens with probability e^-x.
   */
  exponential(): number {
    for (let whole = 0; ; whole++) {
      const first = this.next();
      let last = first;
      let length = 1;
      for (let following = this.next(); following < last; following = this.next()) {
        last = following;
        length++;
      }
      if ((length & 1) === 1) return whole + first / TWO_POW_32;
    }
  }

  /** Close to a standard normal (Irwin–Hall of four, so never beyond ±3.5): mean zero, variance one. */
  normal(): number {
    const one = this.next();
    const two = this.next();
    const sum = (one >>> 16) + (one & 0xffff) + (two >>> 16) + (two & 0xffff) + 2;
    return (sum / 65_536 - 2) * SQRT_3;
  }

  /** Heavy-tailed, at least one: a Pareto tail of index two, cut at `cap`. The median is √2, the mean just under two. */
  pareto(cap: number): number {
    const value = 1 / Math.sqrt(this.unit() + 1e-9);
    return value < cap ? value : cap;
  }
}

/** FNV-1a over UTF-16 code units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash | 0;
}

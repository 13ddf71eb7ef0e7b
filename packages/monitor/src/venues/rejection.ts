import type { Scale } from './scale.ts';

/** Why a frame was refused, as reports count it. */
export type RejectionReason =
  /** Not JSON, or not UTF-8. */
  | 'not-json'
  /** JSON, but not what the event should look like. */
  | 'wrong-shape'
  /** A symbol that nobody subscribed to. */
  | 'unknown-symbol'
  /** A price or quantity that is no decimal text, negative, or beyond 2^53 counts. */
  | 'bad-decimal'
  /** A price or quantity between two ticks or lots. */
  | 'off-grid'
  /** Larger than the limit. */
  | 'too-large'
  /** Decoded, but the book refused it: for example ids that go backwards. */
  | 'refused-by-book';

/** Thrown and caught inside this package: refused frames are counted and reported, they do not unwind the caller. */
export class FrameRejection extends Error {
  readonly reason: RejectionReason;
  readonly byteOffset: number | undefined;
  /** For `off-grid`: the decimals that would have represented the value. */
  readonly decimals: number | undefined;
  /** For `off-grid`: the scale that was too coarse. */
  readonly scale: Scale | undefined;

  constructor(reason: RejectionReason, message: string, byteOffset?: number, decimals?: number, scale?: Scale) {
    super(message);
    this.name = 'FrameRejection';
    this.reason = reason;
    this.byteOffset = byteOffset;
    this.decimals = decimals;
    this.scale = scale;
  }
}

/** Refused frames: how many of each kind, and the first few in words. Bounded. */
export class RejectionLog {
  readonly counts: Map<RejectionReason, number> = new Map();
  readonly examples: string[] = [];
  readonly #maxExamples: number;

  constructor(maxExamples = 5) {
    this.#maxExamples = maxExamples;
  }

  add(reason: RejectionReason, message: string): void {
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1);
    if (this.examples.length < this.#maxExamples) this.examples.push(`${reason}: ${message}`);
  }

  /** Takes back the newest of this reason: its frame is decoded again on a finer scale. */
  takeBack(reason: RejectionReason): void {
    const count = this.counts.get(reason) ?? 0;
    if (count > 1) this.counts.set(reason, count - 1);
    else this.counts.delete(reason);
    if (this.examples.at(-1)?.startsWith(`${reason}: `) === true) this.examples.pop();
  }

  get total(): number {
    let total = 0;
    for (const count of this.counts.values()) total += count;
    return total;
  }

  toJSON(): { total: number; byReason: Partial<Record<RejectionReason, number>>; examples: string[] } {
    return { total: this.total, byReason: Object.fromEntries(this.counts), examples: [...this.examples] };
  }
}

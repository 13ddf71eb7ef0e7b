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

export const REJECTION_REASONS: readonly RejectionReason[] = [
  'not-json',
  'wrong-shape',
  'unknown-symbol',
  'bad-decimal',
  'off-grid',
  'too-large',
  'refused-by-book',
];

/** Thrown and caught inside this package: refused frames are counted and reported, they do not unwind the caller. */
export class FrameRejection extends Error {
  readonly reason: RejectionReason;
  readonly byteOffset: number | undefined;
  /** For `off-grid`: the decimals that would have represented the value. */
  readonly decimals: number | undefined;

  constructor(reason: RejectionReason, message: string, byteOffset?: number, decimals?: number) {
    super(message);
    this.name = 'FrameRejection';
    this.reason = reason;
    this.byteOffset = byteOffset;
    this.decimals = decimals;
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

  get total(): number {
    let total = 0;
    for (const count of this.counts.values()) total += count;
    return total;
  }

  toJSON(): { total: number; byReason: Partial<Record<RejectionReason, number>>; examples: string[] } {
    return { total: this.total, byReason: Object.fromEntries(this.counts), examples: [...this.examples] };
  }
}

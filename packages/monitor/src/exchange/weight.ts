const MINUTE_MS = 60_000;
/** More addresses than this at a time are not counted apart: the oldest is forgotten. */
const MOST_ADDRESSES = 1024;

interface Usage {
  minute: number;
  weight: number;
}

/** Request weight used per address and minute of the clock, as the venue counts it. */
export class WeightLimit {
  readonly #perMinute: number;
  readonly #nowMs: () => number;
  readonly #usages = new Map<string, Usage>();

  constructor(perMinute: number, nowMs: () => number = Date.now) {
    this.#perMinute = perMinute;
    this.#nowMs = nowMs;
  }

  /** Charges a request. `retryAfterSeconds` is there when it is over the limit; refused requests are not charged. */
  charge(address: string, weight: number): { readonly used: number; readonly retryAfterSeconds?: number } {
    const now = this.#nowMs();
    const minute = Math.floor(now / MINUTE_MS);
    let usage = this.#usages.get(address);
    if (usage === undefined) {
      if (this.#usages.size >= MOST_ADDRESSES) this.#usages.delete(this.#usages.keys().next().value as string);
      usage = { minute, weight: 0 };
      this.#usages.set(address, usage);
    }
    if (usage.minute !== minute) {
      usage.minute = minute;
      usage.weight = 0;
    }
    if (usage.weight + weight > this.#perMinute) {
      return { used: usage.weight, retryAfterSeconds: Math.ceil(((minute + 1) * MINUTE_MS - now) / 1000) };
    }
    usage.weight += weight;
    return { used: usage.weight };
  }
}

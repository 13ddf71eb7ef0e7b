import { setTimeout as sleep } from 'node:timers/promises';
import { Semaphore } from '@perf/concurrency';
import type { HttpPool } from '@perf/http';
import type { SymbolWatch } from '../symbol-watch.ts';
import { decodeSnapshot } from '../venues/binance/snapshot.ts';

/** Levels a side: the most the venue gives, at a weight of 20. */
export const SNAPSHOT_LEVELS = 1_000;
const AT_ONCE = 4;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;

export interface SnapshotRequestsOptions {
  readonly pool: HttpPool;
  readonly onApplied?: ((watch: SymbolWatch) => void) | undefined;
  /** A request that failed and will be tried again. */
  readonly onFailure?: ((watch: SymbolWatch, error: Error) => void) | undefined;
}

/** Brings books in step: at most one request per symbol, a few at once, again until the book is live. */
export class SnapshotRequests {
  readonly #options: SnapshotRequestsOptions;
  readonly #slots: Semaphore = new Semaphore(AT_ONCE);
  readonly #running = new Map<SymbolWatch, AbortController>();

  constructor(options: SnapshotRequestsOptions) {
    this.#options = options;
  }

  /** Asks for a snapshot unless one is on its way. */
  request(watch: SymbolWatch): void {
    if (this.#running.has(watch)) return;
    const controller = new AbortController();
    this.#running.set(watch, controller);
    void this.#bring(watch, controller.signal).finally(() => {
      if (this.#running.get(watch) === controller) this.#running.delete(watch);
    });
  }

  /** Gives all requests up: what they would bring belongs to a connection that is gone. */
  cancel(): void {
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }

  async #bring(watch: SymbolWatch, signal: AbortSignal): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        if (await this.#once(watch, signal)) return;
      } catch (error) {
        if (signal.aborted) return;
        this.#options.onFailure?.(watch, error as Error);
      }
      // Half fixed, half random: symbols that fail together must not come back together.
      await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }

  /** True where the book is in step afterwards. */
  async #once(watch: SymbolWatch, signal: AbortSignal): Promise<boolean> {
    const body = await this.#slots.run(() => requestDepth(this.#options.pool, watch.symbol, signal), { signal });
    if (signal.aborted) return true;
    if (watch.snapshot(decodeSnapshot(body, watch.instrument)) !== 'applied') return false;
    this.#options.onApplied?.(watch);
    return true;
  }
}

/** The bytes of `GET /fapi/v1/depth`. */
export async function requestDepth(pool: HttpPool, symbol: string, signal?: AbortSignal): Promise<Uint8Array> {
  const { body } = await pool.get('/fapi/v1/depth', { query: { symbol, limit: SNAPSHOT_LEVELS }, signal });
  return body;
}

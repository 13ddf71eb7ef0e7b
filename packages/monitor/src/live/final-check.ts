import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpPool } from '@perf/http';
import type { SymbolWatch } from '../symbol-watch.ts';
import { decodeSnapshot } from '../venues/binance/snapshot.ts';
import { bookDifference, topLevels } from './book-comparison.ts';
import { requestDepth } from './snapshot-requests.ts';

export interface BookVerdict {
  readonly symbol: string;
  readonly equal: boolean;
  /** What differs, or why there is no verdict; undefined where the books are equal. */
  readonly difference: string | undefined;
}

const VERDICT_WITHIN_MS = 5_000;
const POLL_MS = 20;

/**
 * Compares a book with the exchange's own.
 *
 * Where the market stands still, the snapshot has the id of the last event and is compared as it is. Where it goes on, a
 * second book is started from a fresh snapshot beside the first; both take the same events, so once the second is in step
 * they must be equal as far as both know.
 */
export async function compareWithExchange(watch: SymbolWatch, pool: HttpPool): Promise<BookVerdict> {
  const { symbol } = watch;
  const verdict = (difference: string | undefined): BookVerdict => ({
    symbol,
    equal: difference === undefined,
    difference,
  });
  const deadline = performance.now() + VERDICT_WITHIN_MS;
  const signal = AbortSignal.timeout(VERDICT_WITHIN_MS);
  const shadow = watch.startShadow();
  try {
    for (;;) {
      if (watch.sync.state !== 'live') return verdict(`our book is ${watch.sync.state}, not in step with the feed`);
      const snapshot = decodeSnapshot(await requestDepth(pool, symbol, signal), watch.instrument);
      if (snapshot.lastId === watch.lastUpdateId) {
        return verdict(bookDifference(topLevels(watch.book), snapshot, watch.known));
      }
      shadow.snapshot(snapshot);
      while (shadow.sync.state !== 'live' || shadow.lastUpdateId !== watch.lastUpdateId) {
        if (performance.now() > deadline) return verdict('no verdict in time: the exchange is ahead of the feed');
        if (shadow.sync.needsSnapshot) break;
        await sleep(POLL_MS);
      }
      if (shadow.lastUpdateId === watch.lastUpdateId) {
        return verdict(bookDifference(topLevels(watch.book), topLevels(shadow.book), watch.known));
      }
    }
  } catch (error) {
    return verdict(`the exchange's book could not be read: ${(error as Error).message}`);
  } finally {
    watch.stopShadow();
  }
}

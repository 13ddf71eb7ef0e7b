// Run as a child process with --expose-gc and a young generation that does not fill: prints, per path, the fewest bytes that
// a round of 20,000 operations left on the heap. The fewest of many rounds, because compiling in the background allocates
// too, but not in every round; what the path itself allocates is in all of them.

import { levelColumns } from '../book/levels.ts';
import { OrderBook } from '../book/order-book.ts';
import { RingBuffer } from '../rings/ring-buffer.ts';
import { Candles } from '../series/candles.ts';
import { BookSync } from '../sync/book-sync.ts';
import type { DepthUpdate } from '../sync/depth.ts';
import { integerIn, seededRandom } from './random.ts';

const OPERATIONS = 20_000;
const ROUNDS = 40;
const EVENTS = 512;

const random = seededRandom(7);
const gc = (globalThis as { gc?: () => void }).gc!;

/** Events around one price, a tenth of their levels outside the window; each level comes and goes. */
function events(centre: number): { bids: ReturnType<typeof levelColumns>; asks: ReturnType<typeof levelColumns> }[] {
  const side = (away: number) =>
    levelColumns(
      Array.from({ length: 8 }, (): [number, number] => {
        const distance = random() < 0.1 ? integerIn(random, 20_000, 30_000) : integerIn(random, 1, 300);
        return [centre + away * distance, integerIn(random, 0, 3)];
      }),
    );
  return Array.from({ length: EVENTS }, () => ({ bids: side(-1), asks: side(1) }));
}

function fewestBytes(operation: (index: number) => void): number {
  let fewest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < OPERATIONS; index++) operation(index);
    fewest = Math.min(fewest, process.memoryUsage().heapUsed - before);
  }
  return fewest;
}

const best = new Float64Array(4);
const out = levelColumns(10);
// Beyond 2^31 and 2^52, so that no integer fits where the engine has no box for it.
const low = events(618_002);
const high = events(2 ** 52 + 5);
const lowBook = new OrderBook();
const highBook = new OrderBook();

const synced = new OrderBook();
const sync = new BookSync({ venue: 'binance-usdm', book: synced });
sync.snapshot({ symbol: 'BTCUSDT', lastId: 5e12, ...low[0] });
// In typed arrays: a double in a variable of the module would be boxed with every assignment.
const id = Float64Array.of(5e12);
const now = Float64Array.of(1.7e12);
const update: DepthUpdate = { symbol: 'BTCUSDT', firstId: 0, lastId: 0, previousId: 0, eventTimeMs: 0, ...low[0] };

const ring = new RingBuffer<object>(100);
const item = {};
const candles = new Candles({ intervalsMs: [1_000, 60_000], capacity: 64 });

const report = {
  'OrderBook.apply': fewestBytes((index) => {
    lowBook.apply(low[index % EVENTS]);
    lowBook.bestInto(best);
  }),
  'OrderBook.apply past 2^52': fewestBytes((index) => {
    highBook.apply(high[index % EVENTS]);
    highBook.bestInto(best);
  }),
  'OrderBook.depthInto': fewestBytes(() => {
    lowBook.depthInto('bid', out, 10);
    lowBook.depthInto('ask', out, 10);
  }),
  'BookSync.update': fewestBytes((index) => {
    update.previousId = id[0];
    update.firstId = id[0] + 1;
    id[0] += 3;
    update.lastId = id[0];
    update.bids = low[index % EVENTS].bids;
    update.asks = low[index % EVENTS].asks;
    sync.update(update);
  }),
  'RingBuffer.push': fewestBytes(() => {
    ring.push(item);
  }),
  'Candles.add': fewestBytes((index) => {
    now[0] += 37;
    candles.add(now[0], 618_002 + (index % 50), 3);
  }),
};

process.stdout.write(JSON.stringify({ operations: OPERATIONS, report }));

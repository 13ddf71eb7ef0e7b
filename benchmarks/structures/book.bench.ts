import { bench, type BenchCase } from '@perf/bench';
import type { LevelColumns, Side } from '@perf/structures';
import type * as sortedBtree from 'sorted-btree';
import { feed, type Levels, type RecordedFeed } from './feed.ts';

// What is done with an event is a function of its own, as in a program that gets one at a time: a long loop around everything
// is replaced on the stack while it runs, and V8 left its code at the end of the loop, run after run, for up to 200 ms.
//
// Prices and quantities are integers before anything is timed, for every contestant, in the shape it takes best: columns
// for ours, loops over columns for trees and Maps, ready-made objects for tardis-dev.

const READS = 1_000;

type Tree = sortedBtree.default<number, number>;
/** tardis-dev names no type for its changes. */
interface Change {
  type: 'book_change';
  symbol: string;
  exchange: 'binance-futures';
  isSnapshot: boolean;
  bids: { price: number; amount: number }[];
  asks: { price: number; amount: number }[];
  timestamp: Date;
  localTimestamp: Date;
}

/** With the comparator that its documentation recommends for numbers. */
async function treeMaker(): Promise<() => Tree> {
  const { default: module } = await import('sorted-btree');
  const BTree = module.default;
  return () => new BTree<number, number>(undefined, (a, b) => a - b);
}

/** Bids by their negative price, so that the first key is the best one on both sides. */
function setAll(tree: Tree | Map<number, number>, { ticks, lots, length }: LevelColumns, sign: number): void {
  for (let at = 0; at < length; at++) {
    if (lots[at] === 0) tree.delete(ticks[at] * sign);
    else tree.set(ticks[at] * sign, lots[at]);
  }
}

function changeOf(event: Levels, isSnapshot: boolean): Change {
  const now = new Date(0);
  const objects = ({ ticks, lots, length }: LevelColumns): Change['bids'] =>
    Array.from({ length }, (_, at) => ({ price: ticks[at], amount: lots[at] }));
  return {
    type: 'book_change',
    symbol: 'BTCUSDT',
    exchange: 'binance-futures',
    isSnapshot,
    bids: objects(event.bids),
    asks: objects(event.asks),
    timestamp: now,
    localTimestamp: now,
  };
}

/** The book at the end, kept the plain way. */
function naiveBook({ snapshot, events }: RecordedFeed): { bids: Map<number, number>; asks: Map<number, number> } {
  const bids = new Map<number, number>();
  const asks = new Map<number, number>();
  for (const event of [snapshot, ...events]) {
    setAll(bids, event.bids, -1);
    setAll(asks, event.asks, 1);
  }
  return { bids, asks };
}

function levelsAtEnd(recorded: RecordedFeed): { bids: number; asks: number } {
  const { bids, asks } = naiveBook(recorded);
  return { bids: bids.size, asks: asks.size };
}

const withBest = bench({
  name: '1,000 recorded BTCUSDT events: level updates, best prices after each',
  input: feed,
  units: ({ levelUpdates }) => ({ name: 'level updates', count: levelUpdates }),
  answer: (recorded) => ({ sums: recorded.sumsOfBest, ...levelsAtEnd(recorded) }),
  ours: {
    name: 'OrderBook.apply',
    package: '@perf/structures',
    setup: async ({ snapshot, events }) => {
      const { OrderBook } = await import('@perf/structures/book');
      const best = new Float64Array(4);
      const follow = (book: InstanceType<typeof OrderBook>, event: Levels, sums: Float64Array): void => {
        book.apply(event);
        book.bestInto(best);
        for (let at = 0; at < 4; at++) sums[at] += best[at];
      };
      return () => {
        const book = new OrderBook();
        const sums = new Float64Array(4);
        book.load(snapshot);
        for (const event of events) follow(book, event, sums);
        return { sums: [...sums], bids: book.bidLevels, asks: book.askLevels };
      };
    },
  },
  peers: [
    {
      name: 'sorted-btree, one per side',
      package: 'sorted-btree',
      setup: async ({ snapshot, events }) => {
        const makeTree = await treeMaker();
        const follow = (bids: Tree, asks: Tree, event: Levels, sums: Float64Array): void => {
          setAll(bids, event.bids, -1);
          setAll(asks, event.asks, 1);
          const bid = bids.minKey()!;
          const ask = asks.minKey()!;
          sums[0] -= bid;
          sums[1] += bids.get(bid)!;
          sums[2] += ask;
          sums[3] += asks.get(ask)!;
        };
        return () => {
          const bids = makeTree();
          const asks = makeTree();
          const sums = new Float64Array(4);
          setAll(bids, snapshot.bids, -1);
          setAll(asks, snapshot.asks, 1);
          for (const event of events) follow(bids, asks, event, sums);
          return { sums: [...sums], bids: bids.size, asks: asks.size };
        };
      },
    },
    {
      name: 'OrderBook of tardis-dev',
      package: 'tardis-dev',
      setup: async (recorded) => {
        const { OrderBook } = await import('tardis-dev');
        const snapshot = changeOf(recorded.snapshot, true);
        const changes = recorded.events.map((event) => changeOf(event, false));
        const follow = (book: InstanceType<typeof OrderBook>, change: Change, sums: number[]): void => {
          book.update(change);
          const bid = book.bestBid()!;
          const ask = book.bestAsk()!;
          sums[0] += bid.price;
          sums[1] += bid.amount;
          sums[2] += ask.price;
          sums[3] += ask.amount;
        };
        return () => {
          const book = new OrderBook();
          const sums = [0, 0, 0, 0];
          book.update(snapshot);
          for (const change of changes) follow(book, change, sums);
          return { sums, bids: [...book.bids()].length, asks: [...book.asks()].length };
        };
      },
    },
  ],
});

const perLevel = bench({
  name: '1,000 recorded BTCUSDT events: one call per level',
  input: feed,
  units: ({ levelUpdates }) => ({ name: 'level updates', count: levelUpdates }),
  answer: levelsAtEnd,
  ours: {
    name: 'OrderBook.setLevel',
    package: '@perf/structures',
    setup: async ({ snapshot, events }) => {
      const { OrderBook } = await import('@perf/structures/book');
      const setEach = (
        book: InstanceType<typeof OrderBook>,
        side: Side,
        { ticks, lots, length }: LevelColumns,
      ): void => {
        for (let at = 0; at < length; at++) book.setLevel(side, ticks[at], lots[at]);
      };
      return () => {
        const book = new OrderBook();
        book.load(snapshot);
        for (const { bids, asks } of events) {
          setEach(book, 'bid', bids);
          setEach(book, 'ask', asks);
        }
        return { bids: book.bidLevels, asks: book.askLevels };
      };
    },
  },
  peers: [
    {
      name: 'OrderBook.applyLevels',
      package: '@perf/structures',
      setup: async ({ snapshot, events }) => {
        const { OrderBook } = await import('@perf/structures/book');
        return () => {
          const book = new OrderBook();
          book.load(snapshot);
          for (const { bids, asks } of events) {
            book.applyLevels('bid', bids);
            book.applyLevels('ask', asks);
          }
          return { bids: book.bidLevels, asks: book.askLevels };
        };
      },
    },
    {
      name: 'sorted-btree, one per side',
      package: 'sorted-btree',
      setup: async (recorded) => replayInto(recorded, await treeMaker()),
    },
    {
      name: 'a Map per side (no best price)',
      setup: (recorded) => replayInto(recorded, () => new Map<number, number>()),
    },
  ],
});

function replayInto(
  { snapshot, events }: RecordedFeed,
  make: () => Tree | Map<number, number>,
): () => ReturnType<typeof levelsAtEnd> {
  return () => {
    const bids = make();
    const asks = make();
    setAll(bids, snapshot.bids, -1);
    setAll(asks, snapshot.asks, 1);
    for (const event of events) {
      setAll(bids, event.bids, -1);
      setAll(asks, event.asks, 1);
    }
    return { bids: bids.size, asks: asks.size };
  };
}

const depth = bench({
  name: 'ten best levels of both sides, book after 1,000 recorded events',
  input: feed,
  units: () => ({ name: 'reads', count: READS }),
  answer: (recorded) => {
    const naive = naiveBook(recorded);
    const sumOf = (side: Map<number, number>): number =>
      [...side]
        .sort((a, b) => a[0] - b[0])
        .slice(0, 10)
        .reduce((sum, [ticks, lots]) => sum + Math.abs(ticks) * 7 + lots, 0);
    return (sumOf(naive.bids) + sumOf(naive.asks)) * READS;
  },
  ours: {
    name: 'OrderBook.depthInto',
    package: '@perf/structures',
    setup: async ({ snapshot, events }) => {
      const { OrderBook, levelColumns } = await import('@perf/structures/book');
      const book = new OrderBook();
      book.load(snapshot);
      for (const event of events) book.apply(event);
      const out = levelColumns(10);
      return () => {
        let sum = 0;
        for (let read = 0; read < READS; read++) {
          book.depthInto('bid', out, 10);
          for (let at = 0; at < 10; at++) sum += out.ticks[at] * 7 + out.lots[at];
          book.depthInto('ask', out, 10);
          for (let at = 0; at < 10; at++) sum += out.ticks[at] * 7 + out.lots[at];
        }
        return sum;
      };
    },
  },
  peers: [
    {
      name: 'sorted-btree, entries()',
      package: 'sorted-btree',
      setup: async ({ snapshot, events }) => {
        const makeTree = await treeMaker();
        const bids = makeTree();
        const asks = makeTree();
        for (const event of [snapshot, ...events]) {
          setAll(bids, event.bids, -1);
          setAll(asks, event.asks, 1);
        }
        return () => {
          let sum = 0;
          for (let read = 0; read < READS; read++) {
            let left = 10;
            for (const [ticks, lots] of bids.entries()) {
              sum += -ticks * 7 + lots;
              if (--left === 0) break;
            }
            left = 10;
            for (const [ticks, lots] of asks.entries()) {
              sum += ticks * 7 + lots;
              if (--left === 0) break;
            }
          }
          return sum;
        };
      },
    },
    {
      name: 'OrderBook of tardis-dev, bids() and asks()',
      package: 'tardis-dev',
      setup: async ({ snapshot, events }) => {
        const { OrderBook } = await import('tardis-dev');
        const book = new OrderBook();
        book.update(changeOf(snapshot, true));
        for (const event of events) book.update(changeOf(event, false));
        return () => {
          let sum = 0;
          for (let read = 0; read < READS; read++) {
            for (const side of [book.bids(), book.asks()]) {
              let left = 10;
              for (const { price, amount } of side) {
                sum += price * 7 + amount;
                if (--left === 0) break;
              }
            }
          }
          return sum;
        };
      },
    },
  ],
});

const load = bench({
  name: 'snapshot of 1,000 levels a side',
  input: feed,
  units: () => ({ name: 'snapshots', count: 1 }),
  answer: () => 2_000,
  ours: {
    name: 'OrderBook.load',
    package: '@perf/structures',
    setup: async ({ snapshot }) => {
      const { OrderBook } = await import('@perf/structures/book');
      const book = new OrderBook();
      return () => {
        book.load(snapshot);
        return book.bidLevels + book.askLevels;
      };
    },
  },
  peers: [
    {
      name: 'sorted-btree, one per side',
      package: 'sorted-btree',
      setup: async ({ snapshot }) => {
        const makeTree = await treeMaker();
        return () => {
          const bids = makeTree();
          const asks = makeTree();
          setAll(bids, snapshot.bids, -1);
          setAll(asks, snapshot.asks, 1);
          return bids.size + asks.size;
        };
      },
    },
    {
      name: 'a Map per side',
      setup: ({ snapshot }) => {
        return () => {
          const bids = new Map<number, number>();
          const asks = new Map<number, number>();
          setAll(bids, snapshot.bids, -1);
          setAll(asks, snapshot.asks, 1);
          return bids.size + asks.size;
        };
      },
    },
  ],
});

const cases: BenchCase[] = [withBest, perLevel, depth, load];
export default cases;

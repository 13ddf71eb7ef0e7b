import { bench, value, type BenchCase } from '@perf/bench';

// What a feed keeps of its streams between connections: symbols are listed and delisted, asked for twice, and on each open everything that is
// wanted is said again. No socket is part of this: nothing here is asynchronous.

const SYMBOLS = 500;
const ROUNDS = 10;

/** Each round wants all symbols of two overlapping halves, then drops a tenth. */
interface Changes {
  readonly first: readonly string[];
  readonly second: readonly string[];
  readonly dropped: readonly string[];
}

function makeChanges(): Changes {
  const streams = Array.from({ length: SYMBOLS }, (_, at) => `symbol${at}usdt@depth@100ms`);
  return {
    first: streams.slice(0, 300),
    second: streams.slice(200),
    dropped: streams.filter((_, at) => at % 10 === 3),
  };
}

interface Wanted {
  add(streams: readonly string[]): void;
  remove(streams: readonly string[]): void;
  list(): readonly string[];
}

/** How many streams are wanted after each round, summed, and which at last. */
function follow({ first, second, dropped }: Changes, wanted: Wanted): { sum: number; last: readonly string[] } {
  let sum = 0;
  for (let round = 0; round < ROUNDS; round++) {
    wanted.add(first);
    wanted.add(second);
    wanted.remove(dropped);
    sum += wanted.list().length;
  }
  return { sum, last: wanted.list() };
}

const cases: BenchCase[] = [
  bench({
    name: '500 streams wanted and dropped, no connection',
    input: value(makeChanges()),
    units: ({ first, second, dropped }) => ({
      name: 'streams',
      count: ROUNDS * (first.length + second.length + dropped.length),
    }),
    answer: ({ first, second, dropped }) => {
      const kept = [...new Set([...first, ...second])].filter((stream) => !dropped.includes(stream));
      return { sum: ROUNDS * kept.length, last: kept };
    },
    ours: {
      name: 'Feed.subscribe',
      package: '@perf/http',
      setup: async (changes) => {
        const { Feed } = await import('@perf/http');
        const feed = new Feed({
          url: 'ws://127.0.0.1:9',
          onMessage: () => undefined,
          subscribeFrame: (params, id) => JSON.stringify({ method: 'SUBSCRIBE', params, id }),
        });
        const wanted: Wanted = {
          add: (streams) => feed.subscribe(streams),
          remove: (streams) => feed.unsubscribe(streams),
          list: () => feed.subscriptions,
        };
        return () => {
          const told = follow(changes, wanted);
          feed.unsubscribe(told.last);
          return told;
        };
      },
    },
    peers: [
      {
        name: 'a Set, no limits and no frames',
        setup: (changes) => {
          const set = new Set<string>();
          const wanted: Wanted = {
            add: (streams) => {
              for (const stream of streams) set.add(stream);
            },
            remove: (streams) => {
              for (const stream of streams) set.delete(stream);
            },
            list: () => [...set],
          };
          return () => {
            const told = follow(changes, wanted);
            set.clear();
            return told;
          };
        },
      },
      {
        name: 'an array and includes',
        setup: (changes) => () => {
          let streams: string[] = [];
          return follow(changes, {
            add: (more) => {
              for (const stream of more) if (!streams.includes(stream)) streams.push(stream);
            },
            remove: (dropped) => {
              streams = streams.filter((stream) => !dropped.includes(stream));
            },
            list: () => [...streams],
          });
        },
      },
    ],
  }),
];

export default cases;

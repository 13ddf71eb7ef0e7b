import { bench, value, type BenchCase } from '@perf/bench';

// What the control itself costs: the work is one turn of the microtask queue, ten at a time.

const ITEMS = 10_000;
const AT_A_TIME = 10;
const double = async (item: number): Promise<number> => item * 2;

const cases: BenchCase[] = [
  bench({
    name: '10,000 items of one microtask, 10 at a time',
    input: value(Array.from({ length: ITEMS }, (_, index) => index)),
    units: (items) => ({ name: 'items', count: items.length }),
    answer: (items) => items.map((item) => item * 2),
    ours: {
      name: 'runConcurrent',
      package: '@perf/concurrency',
      setup: async (items) => {
        const { runConcurrent } = await import('@perf/concurrency');
        return () => runConcurrent(double, items, { maxWorkers: AT_A_TIME });
      },
    },
    peers: [
      {
        name: 'p-map',
        package: 'p-map',
        setup: async (items) => {
          const { default: pMap } = await import('p-map');
          return () => pMap(items, double, { concurrency: AT_A_TIME });
        },
      },
      {
        name: 'p-limit',
        package: 'p-limit',
        setup: async (items) => {
          const { default: pLimit } = await import('p-limit');
          const limit = pLimit(AT_A_TIME);
          return () => Promise.all(items.map((item) => limit(double, item)));
        },
      },
      {
        name: 'ten async loops',
        setup: (items) => async () => {
          const results = new Array<number>(items.length);
          let next = 0;
          const loop = async () => {
            while (next < items.length) {
              const index = next++;
              results[index] = await double(items[index]);
            }
          };
          await Promise.all(Array.from({ length: AT_A_TIME }, loop));
          return results;
        },
      },
      {
        name: 'for await, one at a time',
        setup: (items) => async () => {
          const results: number[] = [];
          for (const item of items) results.push(await double(item));
          return results;
        },
      },
      { name: 'Promise.all, all at once', setup: (items) => () => Promise.all(items.map(double)) },
    ],
  }),
];

export default cases;

import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { bench, value, type BenchCase } from '@perf/bench';
import { work } from './tasks.ts';

// What sending work to threads costs. The pools are warm: their start is not part of the time.

const ITEMS = 2_000;
const THREADS = Math.min(4, availableParallelism());
const filename = fileURLToPath(new URL('./tasks.ts', import.meta.url));

async function warmPiscina(name: string, atomics: 'sync' | 'disabled') {
  const { Piscina } = await import('piscina');
  return new Piscina({ filename, name, minThreads: THREADS, maxThreads: THREADS, atomics });
}

const cases: BenchCase[] = [
  bench({
    name: `2,000 items of a few microseconds on ${THREADS} threads`,
    input: value(Array.from({ length: ITEMS }, (_, index) => index)),
    units: (items) => ({ name: 'items', count: items.length }),
    answer: (items) => items.map(work),
    ours: {
      name: 'runParallel',
      package: '@perf/concurrency',
      setup: async (items) => {
        const { runParallel, threadPool } = await import('@perf/concurrency');
        const { workTask } = await import('./tasks.ts');
        const pool = threadPool({ maxThreads: THREADS });
        return { run: () => runParallel(workTask, items, { pool }), close: () => pool.destroy() };
      },
    },
    peers: [
      {
        name: 'piscina, one item per message',
        package: 'piscina',
        setup: async (items) => {
          const piscina = await warmPiscina('work', 'sync');
          const run = () => Promise.all(items.map((item) => piscina.run(item) as Promise<number>));
          return { run, close: () => piscina.destroy() };
        },
      },
      {
        name: 'piscina, chunked by hand',
        package: 'piscina',
        setup: async (items) => {
          const piscina = await warmPiscina('workMany', 'sync');
          const size = Math.ceil(items.length / (THREADS * 4));
          const run = async () => {
            const chunks: Promise<number[]>[] = [];
            for (let start = 0; start < items.length; start += size) {
              chunks.push(piscina.run(items.slice(start, start + size)) as Promise<number[]>);
            }
            return (await Promise.all(chunks)).flat();
          };
          return { run, close: () => piscina.destroy() };
        },
      },
      { name: 'a for loop, one thread', setup: (items) => () => items.map(work) },
    ],
  }),
  bench({
    name: '25 calls of one thread, one after the other',
    input: value(25),
    units: (calls) => ({ name: 'calls', count: calls }),
    answer: () => work(7),
    ours: {
      name: 'threadPool.run',
      package: '@perf/concurrency',
      setup: async (calls) => {
        const { threadPool } = await import('@perf/concurrency');
        const { workTask } = await import('./tasks.ts');
        const pool = threadPool({ maxThreads: 1 });
        const run = async () => {
          let answer = 0;
          for (let call = 0; call < calls; call++) answer = await pool.run(workTask, 7);
          return answer;
        };
        return { run, close: () => pool.destroy() };
      },
    },
    peers: (['disabled', 'sync'] as const).map((atomics) => ({
      name: `piscina, atomics: ${atomics}`,
      package: 'piscina',
      setup: async (calls: number) => {
        const piscina = await warmPiscina('work', atomics);
        const run = async () => {
          let answer = 0;
          for (let call = 0; call < calls; call++) answer = (await piscina.run(7)) as number;
          return answer;
        };
        return { run, close: () => piscina.destroy() };
      },
    })),
  }),
];

export default cases;

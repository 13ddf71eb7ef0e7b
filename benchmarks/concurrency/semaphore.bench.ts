import { bench, value, type BenchCase } from '@perf/bench';

// Permits taken and given back without waiting, as a feed handler does it that drops what it cannot do now. Nothing here is asynchronous.

const CALLERS = 10_000;
const PERMITS = 4;
/** A caller's permit goes back when so many others have come: nine of ten find none. */
const HELD_FOR = 40;

const BURST = 10;

type TryEnter = () => (() => void) | undefined;
type Leaving = ((() => void) | undefined)[];

/** How many of a burst get a permit. Called often: one loop over all callers was replaced on the stack, and V8 left that code in every one of the first runs. */
function serveBurst(tryEnter: TryEnter, leaving: Leaving, from: number): number {
  let entered = 0;
  for (let caller = from; caller < from + BURST; caller++) {
    const slot = caller % HELD_FOR;
    leaving[slot]?.();
    leaving[slot] = tryEnter();
    if (leaving[slot] !== undefined) entered++;
  }
  return entered;
}

/** How many of the callers get a permit. */
function serve(tryEnter: TryEnter): number {
  const leaving: Leaving = new Array<undefined>(HELD_FOR);
  let entered = 0;
  for (let caller = 0; caller < CALLERS; caller += BURST) entered += serveBurst(tryEnter, leaving, caller);
  for (const leave of leaving) leave?.();
  return entered;
}

const cases: BenchCase[] = [
  bench({
    name: '10,000 callers for 4 permits, none waits',
    input: value(CALLERS),
    units: (callers) => ({ name: 'callers', count: callers }),
    answer: () => {
      let free = PERMITS;
      const leave = () => {
        free++;
      };
      return serve(() => (free === 0 ? undefined : (free--, leave)));
    },
    ours: {
      name: 'Semaphore.tryAcquire',
      package: '@perf/concurrency',
      setup: async () => {
        const { Semaphore } = await import('@perf/concurrency');
        const semaphore = new Semaphore(PERMITS);
        const tryEnter: TryEnter = () => semaphore.tryAcquire()?.release;
        return () => serve(tryEnter);
      },
    },
    peers: [
      {
        name: 'Sema.tryAcquire',
        package: 'async-sema',
        setup: async () => {
          const { Sema } = await import('async-sema');
          const semaphore = new Sema(PERMITS);
          const tryEnter: TryEnter = () => {
            const token: unknown = semaphore.tryAcquire();
            return token === undefined ? undefined : () => semaphore.release(token as string);
          };
          return () => serve(tryEnter);
        },
      },
      {
        name: 'a counter, may be released twice',
        setup: () => {
          let free = PERMITS;
          const leave = () => {
            free++;
          };
          const tryEnter: TryEnter = () => {
            if (free === 0) return undefined;
            free--;
            return leave;
          };
          return () => serve(tryEnter);
        },
      },
    ],
  }),
];

export default cases;

import { threadPool } from '../thread-pool.ts';
import { square } from './tasks.ts';

// Started by a test with a preloaded module that throws in every thread. Prints what became of the calls.
const pool = threadPool({ maxThreads: 2 });
const outcomes = await Promise.allSettled([1, 2, 3, 4].map((value) => pool.run(square, value)));
const told = outcomes.map((one) => {
  if (one.status === 'fulfilled') return one.status;
  const { code, cause } = one.reason as { code: string; cause?: Error };
  return `${code}: ${cause?.message}`;
});
process.stdout.write(JSON.stringify(told));
await pool.close();

import { task } from '../task.ts';
import type { Task } from '../task.ts';
import { threadPool } from '../thread-pool.ts';

// A module that is task module and program at once, without `if (isMainThread)`: loaded in a thread, it would start a
// thread that loads it.
export const endless: Task<unknown, number> = task(import.meta.url, 'endless', () => 1);

const pool = threadPool({ maxThreads: 1 });
try {
  await pool.run(endless, undefined);
} finally {
  await pool.destroy();
}

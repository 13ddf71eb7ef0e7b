// The CPUs of a shared machine are not equally fast: the other thread of a core may be somebody else's. Two processes on two CPUs
// then differ by what neither of them does, for as long as the neighbour is busy.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** CPUs that this process may use, as Linux numbers them; empty where the system does not tell or cannot bind. */
export function allowedCpus(): number[] {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return list === undefined ? [] : parseCpuList(list);
  } catch {
    return [];
  }
}

/** `0-2,5` is 0, 1, 2, 5: cpuset(7), list format. */
export function parseCpuList(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i);
  });
}

/**
 * Binds the main thread of this process, and threads that it starts later, to one CPU. V8's threads, which are running by now, stay free:
 * its collector and compiler need another CPU. False where `taskset` (util-linux, busybox) is missing or refuses.
 */
export function bindMainThread(cpu: number): boolean {
  if (process.platform !== 'linux') return false;
  // Of a process, taskset changes the thread that has its number: the main one.
  return spawnSync('taskset', ['-c', '-p', String(cpu), String(process.pid)], { stdio: 'ignore' }).status === 0;
}

/** Nanoseconds that the main thread was ready to run and another had its CPU (proc(5), schedstat); undefined where nobody counts. */
export function waitedNs(): number | undefined {
  try {
    const waited = Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]);
    return Number.isNaN(waited) ? undefined : waited;
  } catch {
    return undefined;
  }
}

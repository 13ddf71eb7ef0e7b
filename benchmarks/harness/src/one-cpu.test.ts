import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { allowedCpus, parseCpuList, waitedNs } from './one-cpu.ts';

test('reads the lists of CPUs that Linux writes', () => {
  expect(parseCpuList('0-2,5')).toEqual([0, 1, 2, 5]);
  expect(parseCpuList('3')).toEqual([3]);
});

test.skipIf(process.platform !== 'linux')(
  'a main thread that was bound is allowed that CPU alone, and other threads all',
  () => {
    const cpus = allowedCpus();
    const module = JSON.stringify(fileURLToPath(new URL('./one-cpu.ts', import.meta.url)));
    const script = `
    import { readdirSync, readFileSync } from 'node:fs';
    import { allowedCpus, bindMainThread } from ${module};
    const bound = bindMainThread(${cpus.at(-1)});
    const others = readdirSync('/proc/self/task').filter((id) => id !== String(process.pid));
    const free = others.every((id) => !readFileSync('/proc/self/task/' + id + '/status', 'utf8').includes('Cpus_allowed_list:\\t${cpus.at(-1)}\\n'));
    console.log(JSON.stringify({ bound, allowed: allowedCpus(), free }));
  `;
    const { stdout } = spawnSync(
      process.execPath,
      ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', script],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(stdout)).toEqual({ bound: true, allowed: [cpus.at(-1)], free: cpus.length > 1 });
  },
);

test('a CPU that does not exist is refused', () => {
  const module = JSON.stringify(fileURLToPath(new URL('./one-cpu.ts', import.meta.url)));
  const script = `import { bindMainThread } from ${module}; console.log(bindMainThread(100000));`;
  const { stdout } = spawnSync(
    process.execPath,
    ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', script],
    { encoding: 'utf8' },
  );
  expect(stdout.trim()).toBe('false');
});

test.skipIf(process.platform !== 'linux')('waiting for the CPU only grows', () => {
  const before = waitedNs()!;
  for (let i = 0; i < 1e6; i++);
  expect(waitedNs()!).toBeGreaterThanOrEqual(before);
});

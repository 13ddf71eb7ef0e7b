import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PROBE = fileURLToPath(new URL('allocation-probe.ts', import.meta.url));

interface Probe {
  operations: number;
  report: Record<string, number>;
}

test('updates, reads, pushes and candles allocate nothing per operation, overflow and prices past 2^52 included', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=@perf/source',
    '--expose-gc',
    '--max-semi-space-size=64',
    '--disable-warning=ExperimentalWarning',
    PROBE,
  ]);
  const { operations, report } = JSON.parse(stdout) as Probe;
  expect(Object.keys(report)).toHaveLength(6);
  // A number in a box is 12 or 16 bytes: less than one byte per operation is none, beside what closing a candle costs.
  expect(Object.entries(report).filter(([, bytes]) => bytes / operations >= 1)).toEqual([]);
}, 60_000);

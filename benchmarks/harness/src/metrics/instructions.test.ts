import { join } from 'node:path';

import { describe, expect, test, vi } from 'vitest';

import { caseSource, temporaryRoot } from '../temporary-root.ts';
import { findValgrind } from './callgrind.ts';
import { isMeasured } from './counts.ts';
import { countInstructions, runsFor } from './instructions.ts';

// A process under callgrind takes fifty times its time, on a machine that does other work.
vi.setConfig({ testTimeout: 300_000 });

const valgrind = findValgrind();
if (valgrind === undefined) process.stderr.write('valgrind is not installed: instructions are not counted in tests\n');

async function count(body: string, limitMs = 120_000) {
  const ours = `{ name: 'ours', setup: (input) => () => { ${body} } }`;
  const root = temporaryRoot({ 'a.bench.ts': caseSource({ ours }) });
  return countInstructions({ path: join(root, 'a.bench.ts'), index: 0 }, 64, valgrind!, { root, limitMs });
}

test.each([
  [20e6, 1],
  [20e3, 1_024],
  [1e9, 1],
  [19e3, 1_024],
])('runs of %d ns are counted in powers of two: %d', (runNs, runs) => {
  expect(runsFor(runNs)).toBe(runs);
});

describe('under callgrind', () => {
  const loop = (work: string): string => `let t = 0; for (let i = 0; i < 20_000; i++) t = ${work}; return t;`;

  test.skipIf(valgrind === undefined)('two counts of one loop agree, and an operation more in it is seen', async () => {
    const [first, second, more] = [
      await count(loop('(t + i * input) | 0')),
      await count(loop('(t + i * input) | 0')),
      await count(loop('((t ^ 5) + i * input) | 0')),
    ].map((each) => (isMeasured(each) ? each.value : Number.NaN));
    // Instructions per turn; the optimising compiler needs a few of them and unrolls none.
    expect(first! / 20_000).toBeGreaterThan(3);
    expect(first! / 20_000).toBeLessThan(12);
    expect(Math.abs(second! / first! - 1)).toBeLessThan(50e-6);
    expect(more! / first!).toBeGreaterThan(1.05);
  });

  test.skipIf(valgrind === undefined)('a case that throws, never ends or is asynchronous is not measured', async () => {
    expect(await count(`throw new Error('broken')`)).toEqual({ notMeasured: 'failed under callgrind: broken' });
    expect(await count('return Promise.resolve(1)')).toEqual({ notMeasured: 'asynchronous' });
    expect(await count('for (;;);', 3_000)).toEqual({ notMeasured: 'took longer than 3 s under callgrind' });
  });
});

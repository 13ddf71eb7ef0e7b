import { expect, test } from 'vitest';

import type { PackageCounts } from './counts.ts';
import { runsFrom } from './runs-from.ts';

test('finds the runs of a case by file and name, in one package or many', () => {
  const none = { notMeasured: 'asynchronous' };
  const counts = {
    cases: [
      { file: 'a', name: 'x', instructions: { value: 1, runs: 64, nonlinearity: 0 } },
      { file: 'a', name: 'y', instructions: none },
    ],
  } as unknown as PackageCounts;
  for (const given of [counts, [counts]]) {
    const runsOf = runsFrom(given);
    expect(runsOf({ file: 'a', name: 'x' })).toBe(64);
    expect(runsOf({ file: 'a', name: 'y' })).toBeUndefined();
    expect(runsOf({ file: 'b', name: 'x' })).toBeUndefined();
  }
});

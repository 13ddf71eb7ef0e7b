import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { nthSmallest } from './order-statistic.ts';

test('is what sorting finds, whatever was asked before and however many are equal', () => {
  const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -2, max: 2 }));
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 200 }),
      fc.array(fc.nat(), { minLength: 1 }),
      (list, asked) => {
        const values = Float64Array.from(list);
        const sorted = Float64Array.from(list).sort();
        for (const n of asked.map((each) => each % list.length))
          expect(nthSmallest(values, n) - sorted[n]! || 0).toBe(0);
        expect(values.sort()).toEqual(sorted);
      },
    ),
  );
});

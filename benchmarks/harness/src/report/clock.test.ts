import { expect, test } from 'vitest';

import { chainNs, clockWarnings } from './clock.ts';

test('a change of the clock above 10 % is reported, in both directions', () => {
  expect(clockWarnings(100, 109)).toEqual([]);
  expect(clockWarnings(109, 100)).toEqual([]);
  expect(clockWarnings(100, 125)).toEqual([
    "the processor's clock changed: a fixed loop took 25 % longer at the end of the run than at its start",
  ]);
  expect(clockWarnings(100, 80)[0]).toContain('20 % less');
});

test('the loop does its steps: none is dropped', () => {
  // 3 million dependent multiplications at 3 cycles each: no processor does them in a tenth of a millisecond.
  expect(chainNs()).toBeGreaterThan(100_000);
});

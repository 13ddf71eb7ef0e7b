import { describe, expect, test } from 'vitest';

import { agreement, percent } from './agreement.ts';
import type { Verdict } from './evidence.ts';

describe('agreement', () => {
  test.each<[Verdict, number, number, string | undefined]>([
    ['regressed', 1.04, 1.001, 'time +4.0 %, instructions unchanged: likely cache, layout or collector'],
    ['improved', 0.95, 0.9999, 'time -5.0 %, instructions unchanged: likely cache, layout or collector'],
    ['regressed', 1.04, 1.03, undefined],
    ['improved', 0.95, 0.9, undefined],
    [
      'regressed',
      1.04,
      0.98,
      'time +4.0 %, instructions -2.0 %: less work that takes longer, likely cache, layout or branches',
    ],
    [
      'improved',
      0.95,
      1.02,
      'time -5.0 %, instructions +2.0 %: more work that takes less time, likely cache, vector instructions or branches',
    ],
    ['same', 1.001, 1.0, undefined],
    [
      'same',
      1.001,
      1.03,
      'time the same, instructions +3.0 %: the change is hidden behind memory or other work of the processor',
    ],
    ['inconclusive', 1.01, 1.0, undefined],
    ['inconclusive', 1.01, 0.9, 'time undecided, instructions -10 %: the work did shrink'],
    ['identical', 1, 1.03, undefined],
    ['invalid', 1.5, 1.03, undefined],
  ])('time %s at %d with %d of the instructions: %s', (verdict, ratio, instructions, words) => {
    expect(agreement({ verdict, ratio }, { ratio: instructions })).toBe(words);
  });

  test('takes the threshold of the counts', () => {
    const time = { verdict: 'regressed', ratio: 1.04 } as const;
    expect(agreement(time, { ratio: 1.01 })).toBeUndefined();
    expect(agreement(time, { ratio: 1.01, threshold: 0.02 })).toContain('instructions unchanged');
  });
});

test('percent has a sign, and no negative zero', () => {
  expect([1.0421, 0.88, 1, 0.99999, 1.0996, 3].map(percent)).toEqual([
    '+4.2 %',
    '-12 %',
    '+0.0 %',
    '+0.0 %',
    '+10 %',
    '+200 %',
  ]);
});

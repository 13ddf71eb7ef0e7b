import { describe, expect, test } from 'vitest';
import { countTests } from './count.mjs';

describe('countTests', () => {
  test('reads vitest behind the prefix of turbo', () => {
    expect(countTests('@perf/json:test:       Tests  1 failed | 11 passed | 2 skipped (14)\n')).toEqual({
      passed: 11,
      failed: 1,
      skipped: 2,
    });
    expect(countTests('      Tests  3 failed (3)')).toEqual({ passed: 0, failed: 3, skipped: 0 });
  });

  test('does not count test files', () => {
    expect(countTests(' Test Files  4 passed (4)')).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });

  test('reads cargo and the plain closing line', () => {
    const text =
      'test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n7 passed, 1 failed, 2 skipped\n';
    expect(countTests(text)).toEqual({ passed: 19, failed: 1, skipped: 3 });
  });

  test('counts nothing in other text', () => {
    expect(countTests('12 passed the post, 3 failed to\nTests are good')).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });
});

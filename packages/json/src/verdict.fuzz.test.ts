import { expect, test } from 'vitest';
import { fuzz } from './verdict.fuzz.ts';

test('100,000 mutations have the verdicts of the engine', { timeout: 300_000 }, () => {
  expect(() => fuzz.run(1, 100_000)).not.toThrow();
});

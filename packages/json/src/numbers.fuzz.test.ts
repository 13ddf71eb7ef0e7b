import { expect, test } from 'vitest';
import { fuzz } from './numbers.fuzz.ts';

test('100,000 numbers are read as the engine and exact arithmetic read them', { timeout: 300_000 }, () => {
  expect(() => fuzz.run(1, 100_000)).not.toThrow();
});

import { expect, test } from 'vitest';
import { fuzz } from './native.fuzz.ts';

test('the fuzz target holds on a fixed seed', () => {
  expect(() => fuzz.run(1, 10_000)).not.toThrow();
});

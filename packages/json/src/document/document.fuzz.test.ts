import { expect, test } from 'vitest';
import { fuzz } from './document.fuzz.ts';

test('the fuzz target holds on a fixed seed', () => {
  expect(() => fuzz.run(1, 1000)).not.toThrow();
});

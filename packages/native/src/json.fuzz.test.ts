import { expect, test } from 'vitest';
import { fuzz } from './json.fuzz.ts';

test('the fuzz target holds on a fixed seed', () => {
  expect(() => fuzz.run(1, 5000)).not.toThrow();
});

import { expect, test } from 'vitest';
import { fuzz } from './stringify-stream.fuzz.ts';

test('the fuzz target holds on a fixed seed', () => {
  expect(() => fuzz.run(7, 3000)).not.toThrow();
});

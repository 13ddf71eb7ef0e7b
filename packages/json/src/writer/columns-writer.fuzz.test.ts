import { expect, test } from 'vitest';
import { fuzz } from './columns-writer.fuzz.ts';

test('the fuzz target holds on a fixed seed', () => {
  expect(() => fuzz.run(3, 600)).not.toThrow();
});

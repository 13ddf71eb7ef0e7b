import { expect, test } from 'vitest';
import { fuzz } from './stream.fuzz.ts';

test('the fuzz target holds on a fixed seed', async () => {
  await expect(fuzz.run(1, 1000)).resolves.toBeUndefined();
});

import { expect, test } from 'vitest';
import { fuzz } from './parse.fuzz.ts';

test('the fuzz target holds on a fixed seed', async () => {
  await expect(fuzz.run(1, 2000)).resolves.toBeUndefined();
});

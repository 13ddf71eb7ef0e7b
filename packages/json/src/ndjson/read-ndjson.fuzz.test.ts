import { expect, test } from 'vitest';
import { fuzz } from './read-ndjson.fuzz.ts';

test('the fuzz target holds on a fixed seed', async () => {
  await expect(fuzz.run(1, 4000)).resolves.toBeUndefined();
});

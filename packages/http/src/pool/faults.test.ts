import { expect, test } from 'vitest';
import { fuzz } from './faults.fuzz.ts';

test('every call settles once, and nothing is left behind, whatever the server does', async () => {
  await expect(fuzz.run(1, 400)).resolves.toBeUndefined();
});

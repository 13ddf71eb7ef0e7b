import { expect, test } from 'vitest';
import { decoder } from '../decoder/decoder.ts';
import { nativeLines } from '../decoder/native-lines.ts';
import { field } from '../decoder/types.ts';
import { BLOCK_BYTES } from './line-blocks.ts';
import { NativeAhead } from './native-lines.ts';

const prices = decoder({ price: { path: 'p', type: field.f64() } });
const native = nativeLines(prices);

test.skipIf(native === undefined)('threads read whole blocks of short lines once they have seen one', async () => {
  const ahead = new NativeAhead(native as NonNullable<typeof native>, prices as never, 1000);
  const bytes = Buffer.from(new SharedArrayBuffer(BLOCK_BYTES));
  bytes.fill('{"p":7}\n');
  const block = { bytes, from: 0, end: bytes.length, byteOffset: 0, isTooLong: false, bytesRead: 0 };
  const rows: number[] = [];
  for (let count = 0; count < 5; count++) {
    const decoded = await ahead.decode(block);
    rows.push(decoded.rows.length);
    ahead.release(decoded);
  }
  expect(rows).toEqual([16_384, 32_768, 65_536, 131_072, 131_072]);
});

import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CORPORA, whyNoCorpora } from '../testing/corpora.ts';
import { thrown } from '../testing/thrown.ts';
import { columnsOf } from './columns.ts';
import { decoder } from './decoder.ts';
import { decodeReasons } from './reasons.ts';
import { naiveDecode } from './testing/naive-decode.ts';
import { decoded } from './testing/decoded.ts';
import { textDictionary } from './text-dictionary.ts';
import { field, union } from './types.ts';

const venues = textDictionary();
const schema = {
  time: { path: 't', type: field.i64() },
  price: { path: 'p', type: field.ticks(1) },
  side: { path: 's', type: field.enum(['BUY', 'SELL']) },
  venue: { path: 'v', type: field.text(venues), default: -1 },
  isMaker: { path: 'm', type: field.bool(), default: false },
  bids: { path: 'b', type: field.levels({ price: field.ticks(1), quantity: field.lots(0) }), default: [] },
} as const;
const frame = (at: number, levels = 0): Buffer =>
  Buffer.from(
    JSON.stringify({
      t: at,
      p: `${at}.5`,
      s: at % 2 === 0 ? 'BUY' : 'SELL',
      v: `V${at % 3}`,
      m: at % 2 === 0,
      b: Array.from({ length: levels }, (_, level) => [String(level), '1']),
    }),
  );

describe.each([true, false])('columns, code generation %s', (codeGeneration) => {
  const read = decoder(schema, { codeGeneration });

  test('take messages row by row', () => {
    const columns = columnsOf(read, 4);
    expect(read.decodeInto(frame(0, 40), columns, 0)).toBe(0);
    expect(read.decodeInto(frame(1, 50), columns, 1)).toBe(0);
    expect(decodeReasons[read.decodeInto(Buffer.from('{}'), columns, 2)]).toBe('missing');
    expect(read.decodeInto(frame(3), columns, 2)).toBe(0);
    expect(columns.length).toBe(3);
    expect(columns.fields.time).toEqual(new BigInt64Array([0n, 1n, 3n, 0n]));
    expect(columns.fields.price).toEqual(new Float64Array([5, 15, 35, 0]));
    expect(columns.fields.side).toEqual(new Uint8Array([0, 1, 1, 0]));
    expect(Array.from(columns.fields.venue.subarray(0, 3), (index) => venues.textOf(index))).toEqual([
      'V0',
      'V1',
      'V0',
    ]);
    expect(columns.fields.isMaker).toEqual(new Uint8Array([1, 0, 0, 0]));
    expect(columns.fields.bids.starts).toEqual(new Uint32Array([0, 40, 90, 90, 0]));
    expect([...columns.fields.bids.ticks.subarray(40, 43)]).toEqual([0, 10, 20]);
  });

  test('are filled by a batch until they are full, and refused messages are counted', () => {
    const columns = columnsOf(read, 3);
    const refused = new Uint32Array(decodeReasons.length);
    const frames = [frame(0), Buffer.from('{'), frame(1), Buffer.from('{}'), frame(2), frame(3)];
    expect(read.decodeBatch(frames, columns, refused)).toBe(5);
    expect(columns.length).toBe(3);
    expect([...columns.fields.price]).toEqual([5, 15, 25]);
    expect([refused[decodeReasons.indexOf('syntax')], refused[decodeReasons.indexOf('missing')]]).toEqual([1, 1]);
    columns.length = 0;
    expect(read.decodeBatch(frames.slice(4), columns)).toBe(2);
    expect([...columns.fields.price.subarray(0, columns.length)]).toEqual([25, 35]);
  });

  test('have rows in order, and exist for one kind of message', () => {
    const columns = columnsOf(read, 2);
    for (const row of [1, -1, 0.5, 2]) {
      expect(thrown(() => read.decodeInto(frame(0), columns, row)).code).toBe('ERR_PERF_JSON_OPTION');
    }
    expect(thrown(() => columnsOf(read, 0)).code).toBe('ERR_PERF_JSON_OPTION');
    expect(thrown(() => columnsOf(decoder(union('e', { schema })), 1)).code).toBe('ERR_PERF_JSON_OPTION');
  });
});

const missing = whyNoCorpora();
test.skipIf(missing !== undefined)(
  `a recorded feed is what the naive twin reads, by both scanners${missing === undefined ? '' : `: ${missing}`}`,
  () => {
    const price = field.ticks('0.10');
    const quantity = field.lots('0.001');
    const id = field.i64({ as: 'number' });
    const symbol = { path: 's', type: field.text(textDictionary(['BTCUSDT'], { closed: true })) };
    const side = field.levels({ price, quantity });
    const kinds = {
      depthUpdate: {
        E: { path: 'E', type: id },
        symbol,
        U: { path: 'U', type: id },
        u: { path: 'u', type: id },
        pu: { path: 'pu', type: id, default: Number.NaN },
        b: { path: 'b', type: side },
        a: { path: 'a', type: side },
      },
      trade: {
        E: { path: 'E', type: field.i64() },
        p: { path: 'p', type: price },
        q: { path: 'q', type: field.f64() },
      },
      bookTicker: { symbol, b: { path: 'b', type: price }, B: { path: 'B', type: quantity } },
    };
    const schema = union('e', kinds);
    const generated = decoder(schema, { within: 'data' });
    const closures = decoder(schema, { within: 'data', codeGeneration: false });
    const record = generated.record();
    const shape = { within: ['data'], discriminator: ['e'], kinds, maxLevels: 10_000, maxTextEntries: 10_000 };
    const feed = gunzipSync(readFileSync(path.join(CORPORA, 'feeds/btcusdt_20240808.gz'))).toString('latin1');
    const seen = new Map<string, number>();
    for (const line of feed.split('\n').slice(0, 6000)) {
      // After the time of receipt.
      const bytes = Buffer.from(line.slice(20));
      const expected = naiveDecode(bytes, shape);
      seen.set(expected.kind ?? '', (seen.get(expected.kind ?? '') ?? 0) + 1);
      for (const one of [generated, closures]) {
        const actual = decoded(schema, one.tryDecode(bytes, record), record);
        expect(actual).toEqual(expected);
      }
    }
    for (const kind of Object.keys(kinds)) expect(seen.get(kind)).toBeGreaterThan(300);
  },
);

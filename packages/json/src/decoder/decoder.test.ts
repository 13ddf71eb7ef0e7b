import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { corpusFiles, whyNoCorpora } from '../testing/corpora.ts';
import { thrown } from '../testing/thrown.ts';
import { validate } from '../validate.ts';
import { fuzz } from './decoder.fuzz.ts';
import { decoder } from './decoder.ts';
import { generate, type GeneratedScanner } from './generate.ts';
import { planOf } from './plan.ts';
import { decodeReasons } from './reasons.ts';
import { staged } from './stage.ts';
import { textDictionary } from './text-dictionary.ts';
import { field, union, type Levels } from './types.ts';

const TRADE =
  '{"e":"aggTrade","E":1723161256299,"s":"BTCUSDT","a":5123107832006,"p":"61800.20","q":"0.006","f":1,"l":2,"m":true}';
const trades = {
  id: { path: 'a', type: field.i64() },
  price: { path: 'p', type: field.ticks('0.10') },
  quantity: { path: 'q', type: field.lots(3) },
  isMaker: { path: 'm', type: field.bool() },
};
const expected = { id: 5_123_107_832_006n, price: 618_002, quantity: 6, isMaker: true };
const levels = field.levels({ price: field.ticks(1), quantity: field.lots(3) });

const bothWays = [
  ['generated', true],
  ['built of closures', false],
] as const;

function pairs({ ticks, lots, length }: Levels): number[][] {
  return Array.from({ length }, (_, at) => [ticks[at], lots[at]]);
}

describe.each(bothWays)('a scanner that is %s', (_, codeGeneration) => {
  const read = decoder(trades, { codeGeneration });

  test('reads a message into the same record again and again', () => {
    expect(read.isGenerated).toBe(codeGeneration);
    const record = read.record();
    expect(read.decode(Buffer.from(TRADE), record)).toBe(record);
    expect(record).toEqual(expected);
    expect(read.tryDecode(Buffer.from(TRADE.replace('61800.20', '5')), record)).toBe(0);
    expect(record).toEqual({ ...expected, price: 50 });
  });

  test('reads a range of a larger array', () => {
    const around = Buffer.from(`12${TRADE}0}`);
    expect(read.decode(around, read.record(), 2, around.length - 2)).toEqual(expected);
    expect(thrown(() => read.decode(around, read.record(), 3, 2)).code).toBe('ERR_PERF_JSON_INPUT');
  });

  test.each([
    ['another order', JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(TRADE) as object).toReversed()))],
    ['white space', JSON.stringify(JSON.parse(TRADE), undefined, 2)],
    ['escapes in keys and values', TRADE.replace('"p"', '"\\u0070"').replace('61800', '6\\u0031800')],
    ['unknown members anywhere', TRADE.replace('"p"', '"x":{"p":[1,"\\"}"]},"p"').replace('true}', 'true,"y":"ü"}')],
    ['a number instead of a text', TRADE.replace('"61800.20"', '61800.20')],
    ['an exponent', TRADE.replace('"61800.20"', '618002e-1')],
    ['a repeated key, of which the last one counts', TRADE.replace('"p"', '"p":"free","p"')],
  ])('reads %s', (_title, text) => {
    expect(read.decode(Buffer.from(text))).toEqual(expected);
  });

  test('refuses what is not JSON behind the last field as well', () => {
    for (const text of [`${TRADE}}`, `${TRADE.slice(0, -1)},}`, TRADE.replace('"f":1', '"f":01'), `${TRADE} x`]) {
      const error = thrown(() => read.decode(Buffer.from(text)));
      const fault = validate(text);
      expect(error).toMatchObject({ code: 'ERR_PERF_JSON_SYNTAX', byteOffset: fault?.byteOffset });
      expect(error.message).toBe(fault?.message);
    }
    expect(thrown(() => read.decode(Buffer.from(TRADE.replace('BTC', 'B\xff'), 'latin1')))).toMatchObject({
      code: 'ERR_PERF_JSON_UTF8',
      byteOffset: 40,
    });
  });

  test('refuses a message that is cut off, wherever that is', () => {
    const bytes = Buffer.from(TRADE);
    const record = read.record();
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeReasons[read.tryDecode(bytes.subarray(0, length), record)]).toBe('syntax');
      expect(decodeReasons[read.tryDecode(bytes, record, 0, length)]).toBe('syntax');
    }
  });

  test.each([
    ['missing', TRADE.replace('"p"', '"x"'), 'price'],
    ['missing', '[]', 'id'],
    ['type', TRADE.replace('"61800.20"', '[]'), 'price'],
    ['type', TRADE.replace('true', '1'), 'isMaker'],
    ['number', TRADE.replace('61800.20', 'free'), 'price'],
    ['precision', TRADE.replace('61800.20', '61800.25'), 'price'],
    ['precision', TRADE.replace('5123107832006', '1.5'), 'id'],
    ['range', TRADE.replace('61800.20', '1e300'), 'price'],
    ['range', TRADE.replace('5123107832006', '9223372036854775808'), 'id'],
    ['negative', TRADE.replace('0.006', '-1'), 'quantity'],
  ])('refuses with %s: %s', (reason, text, name) => {
    const record = read.record();
    expect(decodeReasons[read.tryDecode(Buffer.from(text), record)]).toBe(reason);
    expect(read.faultOf(Buffer.from(text))).toMatchObject({ code: 'ERR_PERF_JSON_DECODE', reason, field: name });
  });

  test('says what was expected, what was found and where', () => {
    const text = TRADE.replace('61800.20', '61800.25');
    expect(read.faultOf(Buffer.from(text))).toMatchObject({ byteOffset: text.indexOf('"61800'), found: '"61800.25"' });
    expect(read.faultOf(Buffer.from(text))?.message).toMatchInlineSnapshot(
      `"field "price": expected a non-negative multiple of 0.10, found "61800.25" at line 1, column 71 (byte 70): it is finer than the scale"`,
    );
    expect(read.faultOf(Buffer.from(TRADE))).toBeUndefined();
  });

  test('reads integers of 64 bits exactly', () => {
    const times = decoder({ t: { path: 't', type: field.i64() } }, { codeGeneration });
    for (const text of [
      '0',
      '-0',
      '-1',
      '999999999',
      '1723161255030314667',
      '9223372036854775807',
      '-9223372036854775808',
      '"42"',
    ]) {
      expect(times.decode(Buffer.from(`{"t":${text}}`)).t).toBe(BigInt(text.replaceAll('"', '')));
    }
  });

  test('reads doubles as the engine does', () => {
    const doubles = decoder({ x: { path: 'x', type: field.f64() } }, { codeGeneration });
    const record = doubles.record();
    const read = (text: string): number => doubles.decode(Buffer.from(text), record).x;
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(12), (value, decimals) => {
        for (const text of [JSON.stringify(value), (value % 1e6).toFixed(decimals)]) {
          expect(read(`{"x":${text}}`)).toBe(Number(text));
          expect(read(`{"x":"${text}"}`)).toBe(Number(text));
        }
      }),
    );
  });

  test('reads levels, also more than there was room for, and no more than allowed', () => {
    const book = decoder({ bids: { path: ['data', 'b'], type: levels } }, { codeGeneration, maxLevels: 1000 });
    const record = book.record();
    const rows = Array.from({ length: 1000 }, (_, at) => [`${at}.5`, '0.001']);
    const write = (b: unknown): Buffer => Buffer.from(JSON.stringify({ data: { b } }));
    expect(pairs(book.decode(write(rows), record).bids)).toEqual(rows.map((_, at) => [at * 10 + 5, 1]));
    expect(pairs(book.decode(write([]), record).bids)).toEqual([]);
    expect(pairs(book.decode(write([['1', '2', '0', { x: [] }]]), record).bids)).toEqual([[10, 2000]]);
    expect(book.faultOf(write([...rows, ['1', '2']]))).toMatchObject({ reason: 'limit', field: 'bids' });
    expect(book.faultOf(write([['1', '2'], ['1']]))?.message).toMatch(/^field "bids" \(entry 1\): expected \[price/);
  });

  test('takes defaults for what is missing or null', () => {
    const schema = {
      a: { path: 'a', type: field.ticks(1), default: -1 },
      b: { path: 'b', type: levels, default: [] },
      c: { path: 'c', type: field.i64(), default: 5n },
    } as const;
    const read = decoder(schema, { codeGeneration });
    const record = read.record();
    read.decode(Buffer.from('{"a":"1.5","b":[["1","1"]],"c":1}'), record);
    for (const text of ['{}', '{"a":null,"b":null,"c":null}', '{"b":null}']) {
      read.decode(Buffer.from(text), record);
      expect([record.a, record.b.length, record.c]).toEqual([-1, 0, 5n]);
    }
  });

  test('numbers new texts when the rest of the message is right, up to the limit', () => {
    const dictionary = textDictionary(['BTC']);
    const schema = {
      s: { path: 's', type: field.text(dictionary) },
      n: { path: 'n', type: field.i64({ as: 'number' }) },
    };
    const read = decoder(schema, { codeGeneration, maxTextEntries: 2 });
    const reason = (text: string): string => decodeReasons[read.tryDecode(Buffer.from(text), read.record())];
    expect(reason('{"s":"ETH","n":"x"}')).toBe('number');
    expect(dictionary.size).toBe(1);
    expect(read.decode(Buffer.from('{"s":"ETH","n":1}'))).toEqual({ s: 1, n: 1 });
    expect(read.decode(Buffer.from('{"s":"\\u0045TH","n":1}'))).toEqual({ s: 1, n: 1 });
    expect(reason('{"s":"SOL","n":1}')).toBe('limit');
    expect(dictionary.textOf(1)).toBe('ETH');
  });

  test('takes the scale by the text of another field, as it is at that moment', () => {
    const symbols = textDictionary(['BTC', 'ETH', 'SOL'], { closed: true });
    const scales = [{ decimals: 1, step: 1 }, { decimals: 2, step: 5 }, undefined];
    const by = { by: 'symbol', scales };
    const schema = {
      symbol: { path: 's', type: field.text(symbols) },
      price: { path: 'p', type: field.ticks(by) },
      bids: { path: 'b', type: field.levels({ price: field.ticks(by), quantity: field.lots(0) }), default: [] },
    } as const;
    const read = decoder(schema, { codeGeneration });
    const price = (s: string, p: string): number | string => {
      const record = read.record();
      const reason = read.tryDecode(Buffer.from(`{"s":"${s}","p":"${p}","b":[["${p}","1"]]}`), record);
      if (reason === 0) expect(pairs(record.bids)).toEqual([[record.price, 1]]);
      return reason === 0 ? record.price : decodeReasons[reason];
    };
    expect([
      price('BTC', '1.5'),
      price('ETH', '1.5'),
      price('ETH', '1.51'),
      price('SOL', '1'),
      price('XRP', '1'),
    ]).toEqual([15, 30, 'precision', 'unknown', 'unknown']);
    scales[2] = { decimals: 0, step: 1 };
    expect(price('SOL', '7')).toBe(7);
  });

  test('tells kinds of messages apart, in a wrapper, and those that it does not know', () => {
    const read = decoder(union('e', { trade: trades, depthUpdate: { b: { path: 'b', type: levels } } }), {
      codeGeneration,
      within: 'data',
    });
    const record = read.record();
    const wrap = (data: string): Buffer => Buffer.from(`{"stream":"btcusdt@depth","data":${data}}`);
    read.decode(wrap('{"e":"depthUpdate","E":1,"b":[["1.5","0.001"]]}'), record);
    expect([record.kind, pairs(record.depthUpdate.b)]).toEqual(['depthUpdate', [[15, 1]]]);
    read.decode(wrap(TRADE.replace('aggTrade', 'trade')), record);
    expect([record.kind, record.trade]).toEqual(['trade', expected]);
    read.decode(wrap('{"b":[],"e":"depthUpdate"}'), record);
    expect([record.kind, record.depthUpdate.b.length]).toEqual(['depthUpdate', 0]);
    for (const text of [
      '{"result":null,"id":1}',
      '{"stream":"x","data":{"e":"kline"}}',
      '{"data":{"e":5}}',
      '[]',
      'null',
    ]) {
      expect(decodeReasons[read.tryDecode(Buffer.from(text), record)]).toBe('kind');
    }
    expect(read.faultOf(wrap('{"e":"kline"}'))).toMatchObject({ reason: 'kind', field: 'data.e', found: '"kline"' });
    expect(read.faultOf(wrap('{"e":"trade","a":1}'))).toMatchObject({ reason: 'missing', field: 'trade.price' });
  });

  test('is not misled by bytes behind the end of the array or the range', () => {
    const bytes = Buffer.from('{"a":12,"p":"1"}');
    const read = decoder({ a: { path: 'a', type: field.i64({ as: 'number' }) } }, { codeGeneration });
    expect(decodeReasons[read.tryDecode(bytes, read.record(), 0, 6)]).toBe('syntax');
    expect(decodeReasons[read.tryDecode(Buffer.from('1'), read.record())]).toBe('missing');
  });
});

describe('the scanners against the naive twin', () => {
  test('agree on random schemas and messages, whole and damaged', () => {
    const property = fc.property(fc.nat(), (seed) => fuzz.run(seed, 100));
    expect(() => fc.assert(property, { numRuns: 60 })).not.toThrow();
    expect(() => fuzz.run(5, 2000)).not.toThrow();
  });

  const missing = whyNoCorpora();
  test.skipIf(missing !== undefined)(
    `agree with the conformance suite${missing === undefined ? '' : `: ${missing}`}`,
    () => {
      const accepted = { y: 0, n: 0 };
      for (const codeGeneration of [true, false]) {
        const nothing = decoder({ a: { path: 'a', type: levels, default: [] } }, { codeGeneration });
        for (const { name, bytes } of corpusFiles('json-test-suite')) {
          const reason = decodeReasons[nothing.tryDecode(bytes, nothing.record())];
          const isJson = reason !== 'syntax' && reason !== 'utf8';
          expect([name, isJson]).toEqual([name, validate(bytes) === undefined]);
          if (name.startsWith('y_') && isJson) accepted.y++;
          if (name.startsWith('n_') && !isJson) accepted.n++;
        }
      }
      expect(accepted).toEqual({ y: 2 * 95, n: 2 * 188 });
    },
  );
});

describe('the generated scanner', () => {
  const scan = (schema: Parameters<typeof planOf>[0], text: string, within?: string): string => {
    const generated = generate(planOf(schema, { within }));
    const { length } = text;
    const { bytes, view } = staged(Buffer.from(text), 0, length);
    const after = generated?.(bytes, view, 0, length, decoder(schema, { within }).record()) ?? Number.NaN;
    return after === length ? 'read' : 'left';
  };

  test('reads the usual messages itself', () => {
    expect(scan(trades, TRADE)).toBe('read');
    expect(scan(trades, TRADE.replace('"p"', '"nq":"0.1","list":[1,{"a":2}],"p"'))).toBe('read');
    const other = { l: { path: 'l', type: field.i64() }, f: { path: ['f', 'x'], type: field.i64() } };
    expect(scan(union('e', { aggTrade: trades, other }), `{"stream":"x","data":${TRADE}}`, 'data')).toBe('read');
  });

  test('leaves other layouts to the general one', () => {
    expect(scan(trades, `${TRADE} `)).toBe('left');
    expect(scan({}, '}')).toBe('left');
    expect(scan({ a: { path: ['b', 'a'], type: field.bool(), default: true } }, '{"b":}}')).toBe('left');
    expect(scan(trades, TRADE.replace('"p"', '"p":"1","p"'))).toBe('left');
    expect(scan(trades, TRADE.replace('"m"', '"p":"1","m"'))).toBe('left');
    expect(scan(trades, TRADE.replace('"f"', '"\\u0070"'))).toBe('left');
  });

  test('is not there where a scale hangs on a text that comes behind, in another object', () => {
    const symbol = field.text(textDictionary(['A', 'B'], { closed: true }));
    const scales = [
      { decimals: 0, step: 1 },
      { decimals: 2, step: 1 },
    ];
    const schema = {
      id: { path: ['data', 'id'], type: field.i64({ as: 'number' }) },
      symbol: { path: ['head', 's'], type: symbol },
      price: { path: ['data', 'p'], type: field.ticks({ by: 'symbol', scales }) },
    } as const;
    const message = Buffer.from('{"data":{"id":1,"p":"12.00"},"head":{"s":"B"}}');
    expect(decoder(schema).isGenerated).toBe(false);
    expect(decoder(schema).decode(message).price).toBe(1200);
  });

  test('says where a message ends that others follow', () => {
    const generated = generate(planOf(trades, undefined)) as GeneratedScanner<object>;
    const text = `[${TRADE},${TRADE}] `;
    const { bytes, view } = staged(Buffer.from(text), 0, text.length);
    const record = decoder(trades).record();
    expect(generated(bytes, view, 1, text.length, record)).toBe(1 + TRADE.length);
    // One that is cut is behind the end, whatever stands there.
    expect(generated(bytes, view, 1, TRADE.length, record)).toBe(1 + TRADE.length);
  });

  test('does not exist where the process disallows it, and nothing else changes', () => {
    const source = `
      import { decoder, field } from '@perf/json';
      const read = decoder({ p: { path: 'p', type: field.ticks(1) } });
      process.stdout.write(read.isGenerated + ' ' + read.decode(Buffer.from('{"p":"1.5"}')).p);`;
    const flags = ['--conditions=@perf/source', '--disallow-code-generation-from-strings', '--input-type=module'];
    const output = execFileSync(process.execPath, [...flags, '--eval', source], {
      cwd: new URL('.', import.meta.url),
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect(output.toString()).toBe('false 15');
  });
});

describe('schemas', () => {
  test('give the record its type', () => {
    const schema = {
      a: { path: 'a', type: field.i64() },
      b: { path: 'b', type: field.i64({ as: 'number' }) },
      c: { path: 'c', type: field.enum(['BUY', 'SELL']) },
      d: { path: 'd', type: levels },
      e: { path: 'e', type: field.bool() },
    };
    const types = (): void => {
      const record = decoder(schema).record();
      expectTypeOf(record).toEqualTypeOf<{ a: bigint; b: number; c: 'BUY' | 'SELL'; d: Levels; e: boolean }>();
      const either = decoder(union('e', { x: schema, y: trades })).record();
      expectTypeOf(either.kind).toEqualTypeOf<'x' | 'y'>();
      expectTypeOf(either.y.price).toEqualTypeOf<number>();
    };
    expect(types).toBeTypeOf('function');
  });

  test.each<[string, unknown, object?]>([
    ['path must be', { a: { path: [], type: field.bool() } }],
    ['path must be', { a: { path: '\ud800', type: field.bool() } }],
    ['type must be', { a: { path: 'a', type: 'bool' } }],
    ['cannot be the name', { ['__proto__']: { path: 'a', type: field.bool() } }],
    ['a scale is', { a: { path: 'a', type: field.ticks(31) } }],
    ['a scale is', { a: { path: 'a', type: field.ticks('-1') } }],
    ['a scale "by"', { a: { path: 'a', type: field.ticks({ by: 'b', scales: [] }) } }],
    ['an enum needs', { a: { path: 'a', type: field.enum(['A', 'A']) } }],
    ['textDictionary', { a: { path: 'a', type: field.text(new Map() as never) } }],
    ['the default', { a: { path: 'a', type: field.bool(), default: 1 } }],
    ['the discriminator itself', union('e', { x: { a: { path: 'e', type: field.bool() } } })],
    ['cannot be called', union('e', { kind: {} })],
    ['maxLevels', {}, { maxLevels: 0 }],
    ['unknown option', {}, { maxLevel: 5 }],
  ])('that are wrong say so: %s', (message, schema, options) => {
    const error = thrown(() => decoder(schema as never, options));
    expect(error.code).toBe('ERR_PERF_JSON_OPTION');
    expect(error.message).toContain(message);
  });
});

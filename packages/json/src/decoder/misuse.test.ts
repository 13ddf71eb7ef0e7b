import { expect, test } from 'vitest';

import { columnsOf, decoder, field, textDictionary, union } from '../index.ts';

// What TypeScript would refuse, and JavaScript does not.
const untyped = <T>(value: T): T extends (...given: never[]) => unknown ? (...given: unknown[]) => unknown : never =>
  value as never;

const prices = decoder({ price: { path: 'p', type: field.f64() } });
const message = Buffer.from('{"p":1}');

test.each<[string, string, () => unknown]>([
  ['decode without bytes', 'ERR_PERF_JSON_INPUT', () => untyped(prices.decode.bind(prices))()],
  ['decode of a number', 'ERR_PERF_JSON_INPUT', () => untyped(prices.decode.bind(prices))(5)],
  ['tryDecode without bytes', 'ERR_PERF_JSON_INPUT', () => untyped(prices.tryDecode.bind(prices))()],
  ['tryDecode without a record', 'ERR_PERF_JSON_INPUT', () => untyped(prices.tryDecode.bind(prices))(message)],
  ['faultOf without bytes', 'ERR_PERF_JSON_INPUT', () => untyped(prices.faultOf.bind(prices))()],
  ['decodeInto without columns', 'ERR_PERF_JSON_INPUT', () => untyped(prices.decodeInto.bind(prices))(message)],
  ['decodeBatch of null', 'ERR_PERF_JSON_INPUT', () => untyped(prices.decodeBatch.bind(prices))(null)],
  [
    'decodeBatch of a frame that is null',
    'ERR_PERF_JSON_INPUT',
    () => untyped(prices.decodeBatch.bind(prices))([null], columnsOf(prices, 1)),
  ],
  ['decodeBatch without columns', 'ERR_PERF_JSON_INPUT', () => untyped(prices.decodeBatch.bind(prices))([message])],
  ['columnsOf without a decoder', 'ERR_PERF_JSON_OPTION', () => untyped(columnsOf)()],
  ['a dictionary of a number', 'ERR_PERF_JSON_OPTION', () => untyped(textDictionary)(5)],
  [
    'levels without parts',
    'ERR_PERF_JSON_OPTION',
    () => untyped(decoder)({ bids: { path: 'b', type: untyped(field.levels)() } }),
  ],
  [
    'a scale that is none',
    'ERR_PERF_JSON_OPTION',
    () => untyped(decoder)({ price: { path: 'p', type: untyped(field.ticks)('x') } }),
  ],
  ['a union of nothing', 'ERR_PERF_JSON_OPTION', () => untyped(decoder)(untyped(union)())],
])('%s is refused with a code', (_what, code, misuse) => {
  expect(misuse).toThrow(expect.objectContaining({ code }));
});

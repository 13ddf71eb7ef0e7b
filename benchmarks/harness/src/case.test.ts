import { describe, expect, expectTypeOf, test } from 'vitest';

import { bench, contestantsOf, type BenchCase } from './case.ts';
import { corpus, seeded, value } from './input.ts';

const good = {
  name: 'double',
  input: value(2),
  units: () => ({ name: 'calls', count: 1 }),
  answer: (input: number) => input * 2,
  ours: { name: 'times', setup: (input: number) => () => input * 2 },
  peers: [{ name: 'plus', setup: (input: number) => () => input + input }],
};

const faulty: [string, object, RegExp][] = [
  ['no name', { name: ' ' }, /needs a name/],
  ['an input that is no source', { input: 2 }, /"double": input must be made by corpus/],
  ['units that are no function', { units: { name: 'calls', count: 1 } }, /units must be a function/],
  ['an answer that is no function', { answer: 4 }, /answer must be a function/],
  ['no list of peers', { peers: undefined }, /peers must be an array/],
  ['a contestant without a name', { ours: { setup: good.ours.setup } }, /every contestant needs a name/],
  ['a contestant without setup', { ours: { name: 'times' } }, /setup of "times"/],
  ['an empty package', { ours: { ...good.ours, package: '' } }, /package of "times"/],
  ['a version of no package', { ours: { ...good.ours, version: '1.0' } }, /version of "times"/],
  ['two contestants of one name', { peers: [good.ours] }, /two contestants are called "times"/],
];

describe('bench', () => {
  test('puts ours first among the contestants', () => {
    expect(contestantsOf(bench(good)).map(({ name }) => name)).toEqual(['times', 'plus']);
  });

  test.each(faulty)('refuses %s and says which case', (_what, change, message) => {
    expect(() => bench({ ...good, ...change } as typeof good)).toThrow(message);
  });

  test('infers the input and the answer through setup', () => {
    const cases: BenchCase[] = [
      bench({
        name: 'bytes',
        input: corpus('json/twitter.json'),
        units: (input) => ({ name: 'bytes', count: input.length }),
        answer: () => true,
        ours: {
          name: 'asynchronous setup',
          package: 'somewhere',
          setup: async (input) => {
            expectTypeOf(input).toEqualTypeOf<Buffer>();
            return () => input.includes(1);
          },
        },
        peers: [
          { name: 'with close', setup: (input) => ({ run: async () => input.length > 0, close: async () => {} }) },
          { name: 'built in', package: undefined, setup: (input) => () => input.equals(input) },
        ],
      }),
      bench({
        name: 'numbers',
        input: seeded(1, (random) => [random(), random()]),
        units: (input) => ({ name: 'numbers', count: input.length }),
        answer: (input) => Math.max(...input),
        ours: { name: 'spread', setup: (input) => () => Math.max(...input) },
        peers: [{ name: 'maybe', setup: (input) => () => input.toSorted((a, b) => b - a).at(0) }],
      }),
    ];
    expect(cases).toHaveLength(2);
  });
});

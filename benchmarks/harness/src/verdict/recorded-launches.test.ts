import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { DamagedEvidence, launchLine, LAUNCH_SCHEMA, poolsOf, readLaunches } from './recorded-launches.ts';

const decimal = fc.integer({ min: -2_000_000, max: 2_000_000 }).map((x) => x / 1e6);
const launch = fc.record(
  {
    package: fc.constantFrom('json', 'http'),
    case: fc.string({ minLength: 1 }),
    effect: fc.constantFrom('none', 'iterations', 'an extra pass'),
    ratio: fc.constantFrom(1.03, 1.05),
    swapped: fc.boolean(),
    blockLogRatios: fc.array(decimal, { minLength: 1 }),
    where: fc.string(),
  },
  { requiredKeys: ['package', 'case', 'effect', 'swapped', 'blockLogRatios'] },
);

describe('recorded launches', () => {
  test('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(launch), (launches) => {
        const text = launches.map(launchLine).join('');
        expect(text.split('\n')).toHaveLength(launches.length + 1);
        const read = readLaunches(text, 'a.jsonl');
        // -0 and 0 are one number in JSON.
        expect(JSON.stringify(read)).toBe(
          launches
            .map((each) => launchLine(each).trim())
            .join(',')
            .replace(/^.*$/s, '[$&]'),
        );
        expect(read.map((each) => each.case)).toEqual(launches.map((each) => each.case));
      }),
    );
  });

  test('lose no more than what a block cannot tell', () => {
    const [read] = readLaunches(
      launchLine({ package: 'p', case: 'c', effect: 'none', swapped: true, blockLogRatios: [0.0123456789] }),
      'f',
    );
    expect(read).toEqual({
      schema: LAUNCH_SCHEMA,
      package: 'p',
      case: 'c',
      effect: 'none',
      swapped: true,
      blockLogRatios: [0.012346],
    });
  });

  test.each([
    ['{', 'not JSON'],
    ['null', 'not an object'],
    ['{"schema":9}', 'schema 9'],
    ['{"schema":1,"package":"p","case":"","effect":"none"}', 'no case'],
    ['{"schema":1,"package":"p","case":"c","effect":"none"}', 'swapped'],
    ['{"schema":1,"package":"p","case":"c","effect":"none","swapped":true,"blockLogRatios":[]}', 'blockLogRatios'],
    ['{"schema":1,"package":"p","case":"c","effect":"none","swapped":true,"blockLogRatios":[null]}', 'blockLogRatios'],
    ['{"schema":1,"package":"p","case":"c","effect":"x","ratio":0,"swapped":true,"blockLogRatios":[0]}', 'ratio'],
  ])('of which a line cannot be read are refused, naming the line: %s', (line, why) => {
    const whole = launchLine({ package: 'p', case: 'c', effect: 'none', swapped: true, blockLogRatios: [0] });
    const read = () => readLaunches(`${whole}\n${line}\n`, 'a.jsonl');
    expect(read).toThrow(DamagedEvidence);
    expect(read).toThrow(`a.jsonl:3: ${why}`);
  });
});

test('pools are the launches of one case under one effect, in their order', () => {
  const line = (effect: string, ratio: number | undefined, value: number) =>
    ({
      schema: LAUNCH_SCHEMA,
      package: 'p',
      case: 'c',
      effect,
      ...(ratio === undefined ? {} : { ratio }),
      swapped: false,
      blockLogRatios: [value],
    }) as const;
  const pools = poolsOf([
    line('none', undefined, 1),
    line('iterations', 1.03, 2),
    line('none', undefined, 3),
    line('iterations', 1.05, 4),
  ]);
  expect(
    pools.map(({ effect, ratio, launches }) => [effect, ratio, launches.map((each) => each.blockLogRatios[0])]),
  ).toEqual([
    ['none', undefined, [1, 3]],
    ['iterations', 1.03, [2]],
    ['iterations', 1.05, [4]],
  ]);
});

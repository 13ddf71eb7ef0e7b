import { expect, test } from 'vitest';

import { repetitions, repetitionTable, type CountLine } from './repeated.ts';

const line = (value: number, changes: Partial<CountLine> = {}): CountLine => ({
  package: 'demo',
  case: 'a case',
  checkout: 0,
  node: '26.10.0',
  platform: 'linux',
  arch: 'x64',
  valgrind: '3.19.0',
  value,
  runs: 64,
  nonlinearity: 0,
  ...changes,
});

test('tells the spread of a case over its checkouts, and compares neighbours once each', () => {
  const lines = [line(1e6), line(1_000_040, { checkout: 1 }), line(1_000_010), line(1e6), line(1e6)];
  expect(repetitions(lines)).toMatchObject([
    { runs: 64, checkouts: 2, spreadPpm: 40, comparisons: 2, falseAlarms: 0, notMeasured: 0 },
  ]);
});

test('counts as a false alarm what a comparison would fail for, whichever side it is on', () => {
  for (const pair of [
    [line(1e6), line(1_005_001)],
    [line(1_005_001), line(1e6)],
  ]) {
    expect(repetitions(pair)).toMatchObject([{ comparisons: 1, falseAlarms: 1 }]);
  }
  expect(repetitions([line(1e6), line(1_004_999)])).toMatchObject([{ falseAlarms: 0 }]);
});

test('keeps cases apart, and says what was not measured and where numbers of runs differ', () => {
  const {
    value: _,
    runs: __,
    nonlinearity: ___,
    ...taken
  } = line(1) as ReturnType<typeof line> & { value: number; runs: number; nonlinearity: number };
  const lines = [
    line(1e6),
    { ...taken, notMeasured: 'not linear' },
    line(5, { case: 'b' }),
    line(5, { case: 'b', runs: 32 } as Partial<CountLine>),
  ];
  expect(repetitions(lines)).toMatchObject([
    { case: 'a case', comparisons: 0, notMeasured: 1 },
    { case: 'b', comparisons: 1, runs: Number.NaN },
  ]);
  expect(repetitionTable(lines)).toMatchInlineSnapshot(`
    [
      "| case | runs | counts | checkouts | instructions/run | spread ppm | comparisons | false alarms |",
      "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
      "| demo: a case | 64 | 1, 1 not measured | 1 | 1,000,000 | 0.0 | 0 | 0 |",
      "| demo: b | - | 2 | 1 | 5 | 0.0 | 1 | 0 |",
      "| all |  | 3 |  |  |  | 1 | 0 |",
    ]
  `);
});

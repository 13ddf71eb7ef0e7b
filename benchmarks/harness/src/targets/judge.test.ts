import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { UsageError } from '../command.ts';
import type { Launch } from '../result.ts';
import { sampleResult } from '../sample-result.ts';
import { plain } from '../terminal.ts';
import { judgeTargets, metricRatio, verdictOf } from './judge.ts';
import type { Target } from './list.ts';
import { markdownTargets, summary, textTargets } from './show.ts';

const target: Target = { case: 'validate twitter.json', peer: 'JSON.parse', metric: 'time', atLeast: 2 };

function launch(round: number, medianNs: number, more: Partial<Launch> = {}): Launch {
  const rest = { place: 0, meanNs: medianNs, samples: 1, batch: 1, cpuNs: medianNs, maxRssBytes: 1, async: false };
  return { round, medianNs, ...rest, ...more };
}

describe('verdictOf', () => {
  test('compares the bounds, not the point, and the target itself is enough', () => {
    expect(verdictOf({ value: 2.1, low: 2, high: 2.2 }, 2)).toBe('met');
    expect(verdictOf({ value: 2.1, low: 1.999, high: 2.2 }, 2)).toBe('undecided');
    expect(verdictOf({ value: 1.9, low: 1.8, high: 2 }, 2)).toBe('undecided');
    expect(verdictOf({ value: 1.9, low: 1.8, high: 1.999 }, 2)).toBe('missed');
    expect(verdictOf({ value: 9, low: null, high: null }, 2)).toBe('undecided');
  });

  test('a harder target is never judged better', () => {
    const rank = { missed: 0, undecided: 1, met: 2 };
    const positive = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(positive, positive), fc.tuple(positive, positive), (bounds, goals) => {
        const interval = { value: 1, low: Math.min(...bounds), high: Math.max(...bounds) };
        const harder = rank[verdictOf(interval, Math.max(...goals))];
        expect(harder).toBeLessThanOrEqual(rank[verdictOf(interval, Math.min(...goals))]);
      }),
      { seed: 4 },
    );
  });
});

describe('metricRatio', () => {
  test('pairs launches by round, whatever their order', () => {
    const ours = [launch(0, 10), launch(1, 100)];
    expect(metricRatio('time', ours, [launch(1, 300), launch(0, 30)])?.value).toBeCloseTo(3, 12);
    expect(metricRatio('time', ours, [launch(2, 300)])).toBeUndefined();
  });

  test('reads the value of its metric', () => {
    const ours = [launch(0, 1, { cpuNs: 2, maxRssBytes: 3, allocatedBytes: 4 })];
    const peer = [launch(0, 10, { cpuNs: 40, maxRssBytes: 90, allocatedBytes: 160 })];
    expect(['time', 'cpu', 'rss', 'alloc'].map((m) => metricRatio(m as 'time', ours, peer)?.value)).toEqual(
      [10, 20, 30, 40].map((x) => expect.closeTo(x, 9) as number),
    );
  });

  test('is absent where allocations were not counted, or are none', () => {
    expect(metricRatio('alloc', [launch(0, 1)], [launch(0, 1)])).toBeUndefined();
    const none = [launch(0, 1, { allocatedBytes: 0 })];
    expect(metricRatio('alloc', none, [launch(0, 1, { allocatedBytes: 9 })])).toBeUndefined();
  });
});

describe('judgeTargets', () => {
  test('judges each target of a run', () => {
    const judged = judgeTargets(
      'json',
      [target, { ...target, atLeast: 4 }, { ...target, peer: 'absent' }, { ...target, metric: 'alloc' }],
      sampleResult,
    );
    expect(judged.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['met', undefined],
      ['missed', undefined],
      ['undecided', 'not installed'],
      ['undecided', 'alloc not measured'],
    ]);
    expect(summary(judged)).toBe('1 met, 1 missed, 2 undecided');
  });

  test('decides nothing without a record, or about a case that failed', () => {
    expect(judgeTargets('json', [target], undefined)[0]).toMatchObject({
      verdict: 'undecided',
      reason: 'nothing recorded yet',
    });
    expect(judgeTargets('json', [{ ...target, case: 'parse' }], sampleResult)[0]).toMatchObject({
      verdict: 'undecided',
      reason: expect.stringContaining('wrong answer'),
    });
  });

  test('names an unknown case and an unknown peer; ours is not a peer', () => {
    const judge = (change: Partial<Target>) => () => judgeTargets('json', [{ ...target, ...change }], sampleResult);
    expect(judge({ case: 'gone' })).toThrow(UsageError);
    expect(judge({ case: 'gone' })).toThrow('benchmarks/json/targets.json: no case "gone"');
    expect(judge({ peer: 'isValid' })).toThrow('no peer "isValid" in "validate twitter.json"; there are "JSON.parse"');
  });
});

test('a case that is newer than the record is undecided, and one that is in neither is an error', () => {
  const loaded = sampleResult.cases.filter(({ error }) => error === undefined);
  const listed = { cases: loaded.map((each) => ({ ...each, name: 'new' })) };
  expect(judgeTargets('json', [{ ...target, case: 'new' }], sampleResult, listed)).toMatchObject([
    { verdict: 'undecided', reason: 'not recorded yet' },
  ]);
  expect(() => judgeTargets('json', [{ ...target, case: 'gone' }], sampleResult, listed)).toThrow('no case "gone"');
});

test('text and Markdown say the same', () => {
  const judged = judgeTargets('json', [target, { ...target, peer: 'absent' }], sampleResult);
  expect(textTargets(judged, plain).join('\n')).toMatchInlineSnapshot(`
    "target     package  case                   against     metric  at least            ours is
    met        json     validate twitter.json  JSON.parse  time       2.00×  3.00× (3.00–3.00)
    undecided  json     validate twitter.json  absent      time       2.00×      not installed

    1 met, 0 missed, 1 undecided"
  `);
  expect(markdownTargets(judged).join('\n')).toMatchInlineSnapshot(`
    "| target | package | case | against | metric | at least | ours is |
    | --- | --- | --- | --- | --- | ---: | ---: |
    | met | json | validate twitter.json | JSON.parse | time | 2.00× | 3.00× (3.00–3.00) |
    | undecided | json | validate twitter.json | absent | time | 2.00× | not installed |

    1 met, 0 missed, 1 undecided"
  `);
});

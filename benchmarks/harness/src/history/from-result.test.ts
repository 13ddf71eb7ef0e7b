import { describe, expect, test } from 'vitest';

import { sampleResult } from '../sample-result.ts';
import { linesOfComparison, linesOfRun } from './from-result.ts';
import { fingerprintKey, parseLine } from './line.ts';

describe('a run', () => {
  test('becomes a line per package, with a number per launch of ours and without cases that failed', () => {
    const lines = linesOfRun(sampleResult, { ImageOS: 'ubuntu24', ImageVersion: '20261101.1', NODE_OPTIONS: '--x' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      package: 'json',
      commit: '0123456789+changes',
      fingerprint: { cpu: 'Example CPU', flags: '--x', image: 'ubuntu24 20261101.1' },
      cases: [{ name: 'validate twitter.json', launchNs: [300_000, 300_000, 300_000], metrics: { cpuNs: 300_000 } }],
    });
    expect(parseLine(JSON.stringify(lines[0]))).toEqual(lines[0]);
  });

  test('without anything measured becomes no line', () => {
    expect(linesOfRun({ ...sampleResult, cases: [sampleResult.cases[1]!] }, {})).toEqual([]);
  });
});

describe('a comparison', () => {
  const launch = (log: number) => ({
    swapped: false,
    blockLogRatios: [log, log + 0.01, log - 0.01],
    head: { cpuNs: 5 },
  });

  test('keeps the median log-ratio of each fresh launch, and leaves out what was not run or is invalid', () => {
    const lines = linesOfComparison(
      {
        environment: sampleResult.environment,
        base: 'abc',
        evidence: [
          { package: 'json', case: 'a', screen: [launch(1)], decide: [launch(0.1), launch(0.2)] },
          { package: 'json', case: 'b', screen: [launch(0.3)], decide: [] },
          { package: 'json', case: 'c', screen: [], decide: [], identical: true },
          { package: 'http', case: 'd', screen: [launch(0.3)], decide: [], invalid: ['busy'] },
        ],
      },
      {},
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ base: 'abc', package: 'json' });
    expect(lines[0]!.cases).toEqual([
      { name: 'a', launchLogRatios: [0.1, 0.2], metrics: { cpuNs: 5 } },
      { name: 'b', launchLogRatios: [0.3], metrics: { cpuNs: 5 } },
    ]);
  });
});

test('a comparison that is invalid as a whole becomes no line', () => {
  const evidence = [{ package: 'json', case: 'a', screen: [{ swapped: false, blockLogRatios: [0] }], decide: [] }];
  const result = { environment: sampleResult.environment, evidence };
  expect(linesOfComparison({ ...result, verdict: { invalid: [] } }, {})).toHaveLength(1);
  expect(linesOfComparison({ ...result, verdict: { invalid: ['canary'] } }, {})).toEqual([]);
});

describe('a line', () => {
  const [line] = linesOfRun(sampleResult, {});

  test.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['another schema', JSON.stringify({ ...line, schema: 2 })],
    ['a date that is none', JSON.stringify({ ...line, date: 'x' })],
    ['a time of 0', JSON.stringify({ ...line, cases: [{ name: 'a', launchNs: [0], metrics: {} }] })],
    ['a metric that is no number', JSON.stringify({ ...line, cases: [{ name: 'a', metrics: { cpuNs: null } }] })],
    ['no fingerprint', JSON.stringify({ ...line, fingerprint: undefined })],
  ])('with %s is not read', (_, text) => {
    expect(parseLine(text)).toBeUndefined();
  });

  test('has the fingerprint of another whatever the order of its properties', () => {
    const { cpu, ...rest } = line!.fingerprint;
    expect(fingerprintKey({ ...rest, cpu })).toBe(fingerprintKey(line!.fingerprint));
    expect(fingerprintKey({ ...rest, cpu: 'other' })).not.toBe(fingerprintKey(line!.fingerprint));
  });
});

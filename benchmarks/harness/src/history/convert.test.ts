import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { sampleResult } from '../sample-result.ts';
import { exportLines } from './exports.ts';
import { importLines, IMPORTS, type ImportFormat } from './imports.ts';
import { sampleFingerprint, sampleLine } from './sample-line.ts';

const event = (type: string, data: object): string => JSON.stringify({ type, data });

const files: readonly [ImportFormat, string, object[]][] = [
  [
    'node-bench',
    [
      event('bench:plan', { name: 'construct', samples: 3 }),
      event('bench:complete', {
        name: 'construct',
        namePath: ['URL', 'construct'],
        params: { input: 'short' },
        samples: [
          { operations: 1000, duration_ns: '300000', rate: 1 },
          { operations: 1000, duration_ns: '500000', rate: 1 },
          { operations: 2000, duration_ns: '800000', rate: 1 },
        ],
      }),
      event('bench:summary', { success: true }),
    ].join('\n'),
    [{ name: 'URL > construct input=short', launchNs: [400], metrics: { samples: 3 } }],
  ],
  [
    'mitata',
    JSON.stringify({
      context: { cpu: { name: 'Example CPU', freq: 3 } },
      benchmarks: [
        {
          alias: 'x',
          runs: [
            { name: 'x', args: {}, stats: { avg: 12, min: 9, max: 40, p50: 11, p99: 30, samples: [], ticks: 5 } },
            { name: 'broken', args: {}, error: { message: 'no' } },
          ],
        },
      ],
    }),
    [{ name: 'x', launchNs: [11], metrics: { meanNs: 12, minNs: 9, maxNs: 40, p99Ns: 30 } }],
  ],
  [
    'tinybench',
    JSON.stringify([
      {
        name: 'x',
        result: { state: 'completed', runtimeVersion: '26.10.0', latency: { p50: 0.5, mean: 0.75, samplesCount: 9 } },
      },
      { name: 'flat', latency: { p50: 2, mean: 2, samplesCount: 3 } },
      { name: 'broken', result: { state: 'errored' } },
    ]),
    [
      { name: 'x', launchNs: [500_000], metrics: { meanNs: 750_000, samples: 9 } },
      { name: 'flat', launchNs: [2e6], metrics: { meanNs: 2e6, samples: 3 } },
    ],
  ],
  [
    'criterion',
    JSON.stringify({
      mean: {
        confidence_interval: { confidence_level: 0.95, lower_bound: 1, upper_bound: 3 },
        point_estimate: 2,
        standard_error: 1,
      },
      median: { point_estimate: 1.5 },
      median_abs_dev: { point_estimate: 1 },
      slope: null,
      std_dev: { point_estimate: 0.25 },
    }),
    [{ name: 'criterion', launchNs: [1.5], metrics: { meanNs: 2, deviationNs: 0.25 } }],
  ],
  [
    'hyperfine',
    JSON.stringify({
      results: [
        {
          command: 'sleep 1',
          mean: 1,
          stddev: 0,
          median: 1,
          user: 0.25,
          system: 0.5,
          min: 1,
          max: 2,
          times: [1, 2],
          exit_codes: [0, 0],
        },
      ],
    }),
    [{ name: 'sleep 1', launchNs: [1e9, 2e9], metrics: { cpuNs: 0.75e9 } }],
  ],
  [
    'hyperfine',
    JSON.stringify({
      schema_version: 2,
      results: [{ command: 'sleep 1', name: 'nap', measurements: [{ time_wall_clock: { value: 1, unit: 'second' } }] }],
    }),
    [{ name: 'nap', launchNs: [1e9], metrics: {} }],
  ],
];

describe('imports', () => {
  test.each(files)('read the documented fields of %s', (format, text, cases) => {
    const lines = importLines(format, text, { package: 'demo', commit: 'abc', date: '2026-11-21T08:00:00.000Z' });
    expect(lines).toMatchObject([{ package: 'demo', commit: 'abc' }]);
    expect(lines[0]!.cases).toEqual(cases);
    // What was imported is a line of the history.
    expect(importLines('ndjson', exportLines('ndjson', lines))).toEqual(lines);
  });

  test('keep what the tool says of the machine', () => {
    expect(importLines('mitata', files[1]![1])[0]!.fingerprint).toMatchObject({ cpu: 'Example CPU', node: 'unknown' });
    expect(importLines('tinybench', files[2]![1])[0]!.fingerprint).toMatchObject({ node: '26.10.0' });
  });

  test('read several estimates of criterion by name', () => {
    const named = JSON.stringify({ 'parse/small': JSON.parse(files[3]![1]) });
    expect(importLines('criterion', named)[0]!.cases[0]).toMatchObject({ name: 'parse/small', launchNs: [1.5] });
  });

  test('read our own runs', () => {
    expect(importLines('perf', JSON.stringify(sampleResult))).toMatchObject([{ package: 'json' }]);
  });

  test.each(IMPORTS)('refuse a file that is not of the format %s', (format) => {
    for (const text of ['{', '{"results":[{"command":"a"}]}', '[{"name":"a","latency":{"p50":0}}]']) {
      if (format === 'node-bench' && text !== '{') continue;
      expect(() => importLines(format, text)).toThrow(`format ${format}`);
    }
  });
});

describe('exports', () => {
  const time = fc.double({ min: 1e-3, max: 1e12, noNaN: true });
  const cases = fc.uniqueArray(
    fc.record({
      name: fc.string({ minLength: 1 }),
      launchNs: fc.array(time, { minLength: 1, maxLength: 5 }),
      metrics: fc.constant({ cpuNs: 7 }),
    }),
    { minLength: 1, maxLength: 4, selector: ({ name }) => name },
  );

  test('ndjson gives back the same lines', () => {
    fc.assert(
      fc.property(cases, (each) => {
        const lines = [sampleLine({ cases: each }), sampleLine({ package: 'http', cases: each })];
        expect(importLines('ndjson', exportLines('ndjson', lines))).toEqual(lines);
      }),
      { seed: 1 },
    );
  });

  test('csv quotes names, and has the numbers of bmf', () => {
    fc.assert(
      fc.property(cases, (each) => {
        const lines = [sampleLine({ cases: each })];
        const rows = parseCsv(exportLines('csv', lines)).slice(1);
        const metrics = JSON.parse(exportLines('bmf', lines));
        expect(rows).toHaveLength(each.length * 2);
        for (const [from, name, , , measure, , value, low, high] of rows) {
          const metric = metrics[`${from}: ${name}`][measure === 'time' ? 'latency' : 'cpu-ns'];
          expect(metric.value).toBe(Number(value));
          expect([metric.lower_value ?? '', metric.upper_value ?? ''].map(String)).toEqual([low, high]);
        }
      }),
      { seed: 2 },
    );
  });

  test('github-action-benchmark has name, unit, value, range and extra', () => {
    const line = sampleLine({
      fingerprint: sampleFingerprint,
      cases: [{ name: 'a', launchNs: [100, 100], metrics: { maxRssBytes: 5, samples: 3 } }],
    });
    expect(JSON.parse(exportLines('github-action-benchmark', [line]))).toEqual([
      { name: 'json: a', unit: 'ns', value: expect.closeTo(100, 9), range: '± 0', extra: 'commit 0123456789' },
      { name: 'json: a (maxRssBytes)', unit: 'bytes', value: 5, extra: 'commit 0123456789' },
    ]);
  });
});

/** RFC 4180, character by character. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let [row, field, quoted]: [string[], string, boolean] = [[], '', false];
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted && c === '"' && text[i + 1] === '"') field += text[++i]!;
    else if (c === '"') quoted = !quoted;
    else if (quoted || (c !== ',' && c !== '\r' && c !== '\n')) field += c;
    else if (c !== '\n') {
      row.push(field);
      field = '';
      if (c === '\r') {
        rows.push(row);
        row = [];
      }
    }
  }
  return rows;
}

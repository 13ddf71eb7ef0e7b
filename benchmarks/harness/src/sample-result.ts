import type { Launch, RunResult } from './result.ts';

function launches(medianNs: number, more: Partial<Launch> = {}): Launch[] {
  return [0, 1, 2].map((round) =>
    Object.assign(
      {
        round,
        place: 0,
        medianNs,
        meanNs: medianNs,
        samples: 1_000,
        batch: 1,
        cpuNs: medianNs,
        maxRssBytes: 64e6,
        async: false,
      },
      more,
    ),
  );
}

/** A run with a peer that loses, one that wins, one that is missing, and a case that failed. For tests of reports. */
export const sampleResult: RunResult = {
  schema: 1,
  environment: {
    date: '2026-11-21T08:00:00.000Z',
    commit: '0123456789',
    changed: true,
    cpu: 'Example CPU',
    cores: 2,
    memoryBytes: 8e9,
    platform: 'linux',
    arch: 'x64',
    kernel: '6.1.0',
    node: '26.10.0',
    v8: '14.6',
    icu: '78.3',
    loadAverage: 3,
  },
  settings: { launches: 3, timeMs: 500, warmupMs: 250, limitMs: 60_000 },
  warnings: ['the machine was busy when the run began: load average 3 on 2 cores'],
  cases: [
    {
      package: 'json',
      file: 'benchmarks/json/validate.bench.ts',
      name: 'validate twitter.json',
      status: 'measured',
      input: { label: 'corpus json/twitter.json', bytes: 631_515, sha256: '30721e496a8d73cfc50658923c34eb2c' },
      units: { name: 'bytes', count: 631_515 },
      contestants: [
        {
          name: 'isValid',
          role: 'ours',
          package: '@perf/json',
          version: '0.1.0',
          status: 'measured',
          figures: { runNs: 300_000, unitsPerSecond: 2.105e9, cpuNsPerUnit: 0.48, maxRssBytes: 64e6 },
          launches: launches(300_000),
        },
        {
          name: 'JSON.parse',
          role: 'peer',
          version: 'Node 26.10.0',
          status: 'measured',
          figures: {
            runNs: 900_000,
            unitsPerSecond: 0.702e9,
            cpuNsPerUnit: 1.6,
            maxRssBytes: 96e6,
            ratio: { value: 3, low: 2.9, high: 3.1 },
          },
          launches: launches(900_000),
        },
        {
          name: 'faster | peer',
          role: 'peer',
          package: 'faster-peer',
          version: '2.0.0',
          status: 'measured',
          figures: {
            runNs: 240_000,
            unitsPerSecond: 2.631e9,
            cpuNsPerUnit: 0.38,
            maxRssBytes: 70e6,
            ratio: { value: 0.8, low: 0.75, high: 0.85 },
          },
          launches: launches(240_000),
        },
        {
          name: 'absent',
          role: 'peer',
          package: 'absent-peer',
          status: 'missing',
          reason: 'not installed',
          launches: [],
        },
      ],
      warnings: ['unstable: the launches of JSON.parse are 20 % apart'],
    },
    {
      package: 'json',
      file: 'benchmarks/json/parse.bench.ts',
      name: 'parse',
      status: 'failed',
      error: 'wrong answer of ours: expected 1, got {\n  a: 2 }',
      wrongAnswer: true,
      contestants: [],
      warnings: [],
    },
  ],
};

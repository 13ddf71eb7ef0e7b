import { describe, expect, test } from 'vitest';

import type { Environment } from './environment.ts';
import type { CaseResult, ContestantResult, Launch } from './result.ts';
import { bindingWarnings, caseWarnings, loadWarnings, stealWarnings } from './warnings.ts';

function contestant(name: string, medians: number[], more: Partial<Launch> = {}): ContestantResult {
  const runNs = medians.toSorted((a, b) => a - b)[medians.length >> 1]!;
  const rest = { place: 0, samples: 10, batch: 1, cpuNs: 1, maxRssBytes: 1, async: false };
  const launches = medians.map((medianNs, round) =>
    Object.assign({ ...rest, round, medianNs, meanNs: medianNs }, more),
  );
  const figures = { runNs, unitsPerSecond: 1, cpuNsPerUnit: 1, maxRssBytes: 1 };
  return { name, role: 'peer', status: 'measured', figures, launches };
}

describe('of a case', () => {
  test('a steady case of ordinary length has none', () => {
    expect(caseWarnings([contestant('a', [10_000, 10_100]), contestant('b', [20_000, 20_100])])).toEqual([]);
  });

  test('launches more than 15 % apart are unstable', () => {
    expect(caseWarnings([contestant('a', [10_000, 10_000, 12_000])])).toEqual([
      'unstable: the launches of a are 20 % apart',
    ]);
  });

  test('a run below a microsecond is reported with its batch', () => {
    expect(caseWarnings([contestant('a', [100, 100], { batch: 512 })])).toEqual([
      'a run of a takes 100 ns, too short for the clock: timed in batches of 512; do more work in a run',
    ]);
  });

  test('a run hardly slower than an empty call is suspected of doing nothing', () => {
    expect(caseWarnings([contestant('a', [3.2, 3.2])])).toEqual([
      'a run of a takes 3.20 ns, hardly more than an empty call: its work may be optimised away',
    ]);
  });

  test('a mean far above the median in every launch is reported', () => {
    expect(caseWarnings([contestant('a', [10_000, 10_000], { meanNs: 15_000 })])).toEqual([
      'the mean of a is 1.5 times its median: pauses are not in the time shown',
    ]);
  });

  test('contestants that wait beside ones that do not are named', () => {
    const waits = [contestant('b', [10_000], { async: true }), contestant('c', [10_000], { async: true })];
    expect(caseWarnings([contestant('a', [10_000]), ...waits])).toEqual([
      'b, c return promises, the others do not: the wait is in the time',
    ]);
    expect(caseWarnings(waits)).toEqual([]);
  });

  test('contestants that allocate differently by ten times are named, the most and the least', () => {
    const named = (name: string, allocatedBytes: number) => contestant(name, [10_000], { allocatedBytes });
    expect(caseWarnings([named('a', 100), named('b', 999)])).toEqual([]);
    expect(caseWarnings([named('a', 100), named('b', 1_200), named('c', 500)])).toEqual([
      'a run of b allocates 12.0 times as much as one of a: collections come later',
    ]);
  });

  test('allocations below one object count as one, and where Node does not count them nothing is said', () => {
    expect(
      caseWarnings([
        contestant('a', [10_000], { allocatedBytes: 0.01 }),
        contestant('b', [10_000], { allocatedBytes: 150 }),
        contestant('c', [10_000]),
      ]),
    ).toEqual([]);
  });

  test('contestants without figures have none', () => {
    expect(caseWarnings([{ name: 'a', role: 'peer', status: 'missing', launches: [] }])).toEqual([]);
  });
});

describe('of a machine', () => {
  test('a load above half of its cores', () => {
    const machine = (loadAverage: number): Environment => ({ loadAverage, cores: 2 }) as Environment;
    expect(loadWarnings(machine(1))).toEqual([]);
    expect(loadWarnings(machine(1.2))).toEqual([
      'the machine was busy when the run began: load average 1.2 on 2 cores',
    ]);
  });

  test('contestants that could not be kept on one CPU', () => {
    const of = (more: Partial<Launch>): CaseResult[] => [
      {
        package: 'a',
        file: 'a',
        name: 'a',
        status: 'measured',
        contestants: [contestant('a', [1], more)],
        warnings: [],
      },
    ];
    expect(bindingWarnings(of({ cpu: 1 }), [0, 1])).toEqual([]);
    expect(bindingWarnings(of({}), [0])).toEqual([]);
    expect(bindingWarnings(of({}), [0, 1])).toEqual([expect.stringContaining('taskset')]);
  });

  test('time taken by other guests', () => {
    expect(stealWarnings(0.01)).toEqual([]);
    expect(stealWarnings(0.07)).toEqual(["other guests took 7 % of this machine's CPU time during the run"]);
  });
});

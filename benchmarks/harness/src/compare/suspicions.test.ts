import { expect, test } from 'vitest';

import type { LockStepLaunch, SideLaunch } from './lock-step.ts';
import { BUSY, disturbances, stealReasons, suspicions, whyHopeless } from './suspicions.ts';

const side = (more: Partial<SideLaunch> = {}): SideLaunch => ({
  version: '1.0.0',
  blockNs: [4e6, 4e6],
  cpuNs: 1_000,
  waited: 0,
  ...more,
});

const launch = (more: Partial<LockStepLaunch> = {}): LockStepLaunch => ({
  swapped: false,
  iterations: 4_000,
  async: false,
  base: side(),
  head: side(),
  blockLogRatios: [0, 0],
  ...more,
});

/** So many calm launches, then those in which a side waited. */
const waited = (calm: number, ...shares: readonly number[]): LockStepLaunch[] => [
  ...Array.from({ length: calm }, () => launch()),
  ...shares.map((share) => launch({ head: side({ waited: share }) })),
];

test('believes launches that had their CPU', () => {
  expect(suspicions(waited(8))).toEqual([]);
  expect(disturbances(waited(8), BUSY)).toEqual([]);
  expect(disturbances([], BUSY)).toEqual([]);
});

test('believes a stage of which a quarter of the launches was disturbed, and none of which more was', () => {
  expect(disturbances(waited(6, 0.5, 0.4), BUSY)).toEqual([]);
  expect(disturbances(waited(5, 0.5, 0.4, 0.3), BUSY)).toEqual([
    'in 3 of 8 launches another process had its CPU, for 40 % of the time',
  ]);
});

test('takes a case that waits beside a calm canary to wait for its own threads', () => {
  const waiting = waited(0, 0.3, 0.3, 0.3, 0.3);
  expect(disturbances(waiting, BUSY, waited(14, 0.5, 0.5))).toEqual([]);
  expect(disturbances(waiting, BUSY, waited(13, 0.5, 0.5, 0.5))).toHaveLength(1);
});

test('a short wait disturbs no launch', () => {
  expect(disturbances(waited(0, 0.05, 0.09, 0.1, 0.02), BUSY)).toEqual([]);
});

test('goes by CPU time where the system does not count waiting', () => {
  const { waited: _, ...uncounted } = side();
  const calm = launch({ base: uncounted, head: uncounted });
  const busy = launch({ base: { ...uncounted, cpuNs: 400 }, head: { ...uncounted, cpuNs: 300 } });
  expect(disturbances([calm, calm, calm], BUSY)).toEqual([]);
  expect(disturbances([busy, calm, busy], BUSY)).toEqual(['for 60 % of the time it had no CPU: another process did']);
  expect(disturbances([busy, busy], BUSY, [calm, calm])).toEqual([]);
  expect(disturbances([busy, busy], BUSY, [busy, busy])).toHaveLength(1);
  // It waits for something else.
  expect(disturbances([{ ...busy, async: true }], BUSY)).toEqual([]);
});

test('does not believe a run that does nothing, nor blocks that the clock cannot see', () => {
  expect(suspicions([launch({ iterations: 2e6 })])).toEqual([expect.stringContaining('optimised away')]);
  const short = side({ blockNs: [1e5, 1e5] });
  expect(suspicions([launch({ base: short, head: short })])).toEqual([
    'a block of runs takes 100 µs, too short for the clock',
  ]);
});

test('names the share that other guests took', () => {
  expect(stealReasons(0.05, BUSY)).toEqual([]);
  expect(stealReasons(0.0712, BUSY)).toEqual(["other guests took 7.1 % of this machine's CPU time"]);
});

/** Sixteen launches of equal code whose pairs deviate by so much, and lie so far from 0. */
function canary(deviation: number, offset = 0) {
  const screen = Array.from({ length: 16 }, (_, i) =>
    launch({ swapped: i % 2 === 1, blockLogRatios: [offset + (i % 4 < 2 ? deviation : -deviation)] }),
  );
  return { package: 'harness', case: 'canary', screen, decide: [] };
}

test.each([
  ['a calm canary', canary(0.005), 0, undefined],
  ['one that more launches can still narrow', canary(0.018), 0, undefined],
  ['one that they cannot', canary(0.12), 0, /too noisy/],
  ['one that looks different', canary(0.001, 0.05), 0, /compares head with itself/],
  ['one with a reason', { ...canary(0.005), invalid: ['it failed'] }, 0, /it failed/],
  ['a machine that others use', canary(0.005), 0.2, /other guests/],
] as const)('knows after the first stage whether a second can be believed: %s', (_, evidence, steal, reason) => {
  const settings = { busy: BUSY, canaryLaunches: 24 };
  const why = whyHopeless(evidence, steal, settings, {});
  if (reason === undefined) expect(why).toBeUndefined();
  else expect(why).toMatch(reason);
});

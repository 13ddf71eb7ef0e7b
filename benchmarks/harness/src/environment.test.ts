import { expect, test } from 'vitest';

import { environment, parseCpuTicks, stealShare } from './environment.ts';
import { temporaryRoot } from './temporary-root.ts';

const STAT = `cpu  100 10 50 800 20 5 5 10 30 0
cpu0 50 5 25 400 10 2 3 5 15 0
`;

test('reads total and stolen time from /proc/stat, guest time not counted twice', () => {
  expect(parseCpuTicks(STAT)).toEqual({ total: 1_000, steal: 10 });
});

test('says nothing about a system with another /proc/stat', () => {
  expect(parseCpuTicks('')).toBeUndefined();
  expect(parseCpuTicks('cpu  1 2 3\n')).toBeUndefined();
  expect(parseCpuTicks('cpu  a b c d e f g h\n')).toBeUndefined();
});

test('the stolen share is of the time between the readings', () => {
  const before = { total: 1_000, steal: 10 };
  expect(stealShare(before, { total: 2_000, steal: 60 })).toBeCloseTo(0.05);
  expect(stealShare(before, before)).toBe(0);
  expect(stealShare(undefined, before)).toBe(0);
});

test('a folder without git has no commit, and no name of host or folder is kept', () => {
  const root = temporaryRoot({});
  const machine = environment(root);
  expect(machine).not.toHaveProperty('commit');
  expect(machine).toMatchObject({ node: process.versions.node, v8: process.versions.v8 });
  expect(JSON.stringify(machine)).not.toContain(root);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { run as runCommand } from '../command.fixture.ts';
import { randomNumbers } from '../random.ts';
import { falseAlarmReport, GOALS, powerReport } from './gates.ts';
import { launchLine, poolsOf, readLaunches } from './recorded-launches.ts';
import { simulateLaunches, type Truth } from './simulated.ts';

const settings = { suites: 40, trials: 40, screen: 8, launches: 24, seed: 1 };

function lines(name: string, truth: Truth, seed: number): string {
  const { ratio } = truth;
  const effect = ratio === undefined ? { effect: 'none' } : { effect: 'iterations', ratio };
  return simulateLaunches(GOALS.falseAlarms.launches, truth, randomNumbers(seed))
    .map((launch) => launchLine({ package: 'simulated', case: name, ...effect, ...launch }))
    .join('');
}

const equal = Array.from({ length: 8 }, (_each, i) => lines(`case ${i}`, { deviation: 0.004 + i * 0.001 }, i)).join('');
const slower = [1.03, 1.05, 1.1]
  .flatMap((ratio, i) => [0, 1, 2, 7].map((at) => lines(`case ${at}`, { ratio, deviation: 0.005 }, 20 + 4 * i + at)))
  .join('');
const pools = poolsOf(readLaunches(equal + slower, 'simulated'));

describe('the tables of the gates', () => {
  test('say that goals are met, where they are', () => {
    const alarms = falseAlarmReport(pools, settings);
    expect(alarms.met).toBe(true);
    expect(alarms.lines[0]).toBe(
      '40 suites of 8 cases of equal code, 8 launches and then up to 24: 0 failed, 0 % (95 % interval 0 %–8.76 %); 0 had a case called regressed or improved.',
    );
    expect(alarms.lines.filter((line) => line.startsWith('| simulated: case'))).toHaveLength(8);
    const found = powerReport(pools, settings);
    expect(found.met).toBe(true);
    expect(found.lines.filter((line) => line.startsWith('| simulated: case'))).toHaveLength(12);
    expect(found.lines.at(-1)).toBe('Goals: met.');
  });

  test('ask of the two steadier cases only that 3 % be found', () => {
    const rows = powerReport(pools, settings).lines.filter((line) => line.includes('+3.0 % (iterations)'));
    expect(rows.map((row) => row.endsWith('| 95 %: met |'))).toEqual([true, true, false, false]);
  });

  test('judge the named cases alone, and show the others', () => {
    const { lines: shown, met } = powerReport(pools, { ...settings, named: ['simulated: case 1'] });
    expect(met).toBe(true);
    expect(shown.filter((line) => line.startsWith('| simulated: case'))).toHaveLength(12);
    expect(shown.filter((line) => line.endsWith('met |')).map((line) => line.slice(2, 19))).toEqual(
      new Array(3).fill('simulated: case 1'),
    );
  });

  test('say what is missing', () => {
    const few = falseAlarmReport(pools.slice(0, 3), settings);
    expect(few.met).toBe(false);
    expect(few.lines.at(-1)).toContain('not met: 3 of 8 cases are recorded');
    const short = falseAlarmReport(
      pools.map((pool) => ({ ...pool, launches: pool.launches.slice(0, 20) })),
      settings,
    );
    expect(short.lines.at(-1)).toContain('fewer than 60 launches of simulated: case 0');
    const found = powerReport(
      pools.filter((pool) => pool.ratio !== 1.1),
      settings,
    );
    expect(found.met).toBe(false);
    expect(found.lines.at(-1)).toContain('no launches with +10 % are recorded');
  });

  test('say which slowdown is found too rarely', () => {
    const noisy = poolsOf(readLaunches(equal + lines('case 7', { ratio: 1.05, deviation: 0.2 }, 3), 'simulated'));
    expect(powerReport(noisy, settings).lines.at(-1)).toContain('+5.0 % of simulated: case 7 is found too rarely');
  });

  test('say that there is nothing', () => {
    expect(falseAlarmReport([], settings)).toEqual({ lines: ['No launches of equal code are recorded.'], met: false });
    expect(powerReport([], settings).met).toBe(false);
  });
});

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perf-evidence-'));
  const run = (...args: string[]) => runCommand('./verdict/evidence-report.ts', folder, args);

  beforeAll(() => {
    writeFileSync(join(folder, 'equal.jsonl'), equal);
    writeFileSync(join(folder, 'slower.jsonl'), slower);
    writeFileSync(join(folder, 'damaged.json'), `${equal}{"schema":1}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('prints both tables, exits 0 where both gates are met, and prints the same again', async () => {
    const args = ['--data', '*.jsonl', '--suites', '20', '--trials', '20', '--markdown'];
    const { stdout, code, stderr } = await run(...args);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('## False alarms\n');
    expect(stdout).toContain('## Slowdowns found\n');
    expect((await run(...args)).stdout).toBe(stdout);
  });

  test('exits 1 where a gate is not met', async () => {
    expect((await run('equal.jsonl', '--suites', '2', '--trials', '2')).code).toBe(1);
  });

  test.each([
    [['--data', 'nothing.jsonl'], 'no file nothing.jsonl'],
    [[], 'no file benchmarks/harness/evidence/launches*.jsonl'],
    [['damaged.json'], 'damaged.json:481: no package'],
    [['--suites', '0'], '--suites 0'],
    [['--what'], '--what'],
  ])('exits 2 for %o', async (args, words) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  test('has help', async () => {
    expect((await run('--help')).stdout).toContain('Usage:');
  });
});

import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import { notMeasured, type InstructionCount, type NotMeasured } from '../metrics/counts.ts';
import { temporaryRoot } from '../temporary-root.ts';
import { readArguments } from './arguments.ts';
import { readBase } from './base.ts';
import { findEvidence } from './cases.ts';
import type { CountSide } from './counts.ts';
import { countingOnce, countInputs, keptCounts, keysOf, type CountInputs } from './kept-counts.ts';
import type { ComparedCase } from './lock-step.ts';
import { demoCase, demoPackage, repository, WORK, write } from './repository.fixture.ts';
import { folderTree } from './tree.ts';

vi.setConfig({ testTimeout: 90_000 });

const COUNT: InstructionCount = { value: 1_000, runs: 64, nonlinearity: 0 };
const CASE = { package: 'demo', file: 'a.bench.ts', index: 0 } as ComparedCase;
const INPUTS: CountInputs = new Map([['demo', { base: 'old', head: 'new' }]]);

/** Counts that are kept in a folder of the test, and which sides were counted. */
function counting(answer: InstructionCount | NotMeasured = COUNT) {
  const folder = join(temporaryRoot({}), 'counts');
  const counted: string[] = [];
  const count: CountSide = async (_compared, side, runs) => {
    counted.push(runs === undefined ? side : `${side} ${runs}`);
    return answer;
  };
  const counterOf = (inputs: CountInputs, ...where: unknown[]): CountSide =>
    countingOnce(count, keysOf(inputs, where), keptCounts(folder));
  return { counted, folder, counterOf };
}

test('counts once what does not change', async () => {
  const { counted, counterOf } = counting();
  expect(await counterOf(INPUTS)(CASE, 'base', undefined)).toEqual(COUNT);
  expect(await counterOf(INPUTS)(CASE, 'base', undefined)).toEqual(COUNT);
  expect(counted).toEqual(['base']);
});

test('counts again what runs something else, elsewhere, or another number of times', async () => {
  const { counted, counterOf } = counting();
  const changed: CountInputs = new Map([['demo', { base: 'old', head: 'newer' }]]);
  for (const inputs of [INPUTS, changed]) {
    await counterOf(inputs)(CASE, 'base', undefined);
    await counterOf(inputs)(CASE, 'head', undefined);
  }
  expect(counted.splice(0)).toEqual(['base', 'head', 'head']);
  await counterOf(INPUTS)(CASE, 'base', 128);
  await counterOf(INPUTS)({ ...CASE, index: 1 }, 'base', undefined);
  await counterOf(INPUTS, 'another Node')(CASE, 'base', undefined);
  expect(counted).toEqual(['base 128', 'base', 'base']);
});

test('the head of one comparison is the base of the next', async () => {
  const { counted, counterOf } = counting();
  await counterOf(INPUTS)(CASE, 'head', undefined);
  await counterOf(new Map([['demo', { base: 'new', head: 'newer' }]]))(CASE, 'base', undefined);
  expect(counted).toEqual(['head']);
});

test('keeps nothing that was not measured, nor what nobody can name', async () => {
  const failing = counting(notMeasured('interrupted'));
  await failing.counterOf(INPUTS)(CASE, 'base', undefined);
  await failing.counterOf(INPUTS)(CASE, 'base', undefined);
  const unnamed = counting();
  await unnamed.counterOf(new Map())(CASE, 'base', undefined);
  expect(failing.counted).toEqual(['base', 'base']);
  expect([failing.folder, unnamed.folder].map((folder) => existsSync(folder))).toEqual([false, false]);
});

test('a damaged file counts as none', () => {
  const folder = temporaryRoot({ 'half.json': '{"value":1', 'other.json': '{"value":"1"}', 'null.json': 'null' });
  for (const key of ['half', 'other', 'null', 'absent']) expect(keptCounts(folder).read(key)).toBeUndefined();
});

test('the oldest go where there are too many', () => {
  const folder = join(temporaryRoot({}), 'counts');
  const kept = keptCounts(folder, 2);
  for (const [age, key] of ['a', 'b', 'c'].entries()) {
    kept.write(key, COUNT);
    if (existsSync(join(folder, `${key}.json`))) utimesSync(join(folder, `${key}.json`), age, age);
  }
  kept.write('d', COUNT);
  expect(readdirSync(folder).sort()).toEqual(['c.json', 'd.json']);
});

test('the harness and the list of corpora are inputs, its tests are not', () => {
  const root = temporaryRoot({ 'corpora.json': '{}', 'benchmarks/harness/src/call.ts': '' });
  const inputs = (): string => countInputs('artifact', folderTree(root));
  const seen = [inputs()];
  for (const file of ['corpora.json', 'benchmarks/harness/src/call.ts', 'benchmarks/harness/src/new.ts']) {
    writeFileSync(join(root, file), 'other');
    seen.push(inputs());
  }
  expect(new Set(seen).size).toBe(4);
  writeFileSync(join(root, 'benchmarks/harness/src/call.test.ts'), '');
  writeFileSync(join(root, 'README.md'), '');
  expect(inputs()).toBe(seen.at(-1));
});

async function inputsOf(root: string, base: string) {
  const said = readBase(base, { headRoot: root, keep: false, say: () => {} });
  const { settings } = readArguments(['--base', base], () => 1);
  try {
    return (await findEvidence({ root, packages: ['demo'], filters: [], settings }, said, {})).countInputs;
  } finally {
    said.close();
  }
}

test('a base keeps its name while head changes, unless the cases do', async () => {
  const root = repository(demoPackage(WORK * 2));
  const first = (await inputsOf(root, 'HEAD~1')).get('demo')!;
  write(root, demoPackage(WORK * 3));
  const second = (await inputsOf(root, 'HEAD~1')).get('demo')!;
  expect(second.base).toBe(first.base);
  expect(new Set([first.base, first.head, second.head]).size).toBe(3);
  expect((await inputsOf(root, 'HEAD')).get('demo')!.base).toBe(first.head);
  write(root, { 'benchmarks/demo/a.bench.ts': `// another\n${demoCase()}` });
  expect((await inputsOf(root, 'HEAD~1')).size).toBe(0);
});

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { Bench } from 'tinybench';
import { expect, test } from 'vitest';

import { temporaryRoot } from '../temporary-root.ts';

const TINYBENCH = import.meta.resolve('tinybench');
const FIXTURE = fileURLToPath(new URL('./load.fixture.ts', import.meta.url));

interface Loaded {
  readonly names?: readonly string[];
  /** What was said by functions of the file while it was loaded, and while each of its cases ran once. */
  readonly loading?: readonly string[];
  readonly said?: readonly string[];
  readonly asyncs?: readonly boolean[];
  readonly error?: string;
}

/** In a process of its own, with tinybench where a project has it. */
function load(source: string): Loaded {
  const root = temporaryRoot({
    'package.json': '{ "type": "module" }',
    'node_modules/tinybench/package.json': '{ "name": "tinybench", "type": "module", "exports": "./index.js" }',
    'node_modules/tinybench/index.js': `export * from ${JSON.stringify(TINYBENCH)};`,
  });
  const path = join(root, 'some.bench.js');
  writeFileSync(path, source);
  const args = [
    '--conditions=@perf/source',
    '--disable-warning=ExperimentalWarning',
    FIXTURE,
    pathToFileURL(path).href,
  ];
  return JSON.parse(spawnSync(process.execPath, args, { encoding: 'utf8' }).stderr) as Loaded;
}

test('makes a case of each task of the default export', () => {
  const { names } = load(`import { Bench } from 'tinybench';
    const one = new Bench().add('a', () => 1).add('b', () => 2);
    const two = new Bench({ name: 'two' }).add('a', () => 3);
    export default [one, two, new Bench().add('a', () => 4)];`);
  expect(names).toEqual(['some > a', 'some > b', 'some > two > a', 'some > a (2)']);
});

test('without a default export takes what the file made, and runs nothing while it is loaded', () => {
  const { names, loading } = load(`import { Bench } from 'tinybench';
    const bench = new Bench({ setup: () => { say('set up'); } });
    bench.add('a', () => 1);
    bench.add('b', async () => 2);
    await bench.run();
    bench.runSync();
    console.table(bench.table());
    console.log(bench.tasks[0].result.latency.mean);`);
  expect(names).toEqual(['some > a', 'some > b']);
  expect(loading).toEqual([]);
});

test('a failure before anything is run is one, and so is a file without tinybench', () => {
  expect(load(`import { Bench } from 'tinybench'; new Bench().add('a', () => 1); nothing();`).error).toBe(
    'nothing is not defined',
  );
  expect(load(`import 'tinybench-of-nobody';`).error).toContain('tinybench-of-nobody');
});

test('leaves the class as it was, so that the harness can use the same tinybench', () => {
  const { said } = load(`import { Bench } from 'tinybench';
    export default new Bench().add('a', () => {
      const own = new Bench({ time: 0, iterations: 1, warmup: false }).add('own', () => 1, { async: false });
      say(own.runSync()[0].result.state);
    }, { async: true });`);
  expect(said).toEqual(['completed', 'completed']);
});

test('takes public functions of a task that was added elsewhere, and says when there are none', () => {
  const old = load(`const task = { name: 'old', fn: () => say('ran'), opts: {} };
    export default { tasks: [task], warmup: false, add() {}, run() {} };`);
  expect(old).toMatchObject({ names: ['some > old'], said: ['ran'] });
  const hidden = load(`export default { tasks: [{ name: 'hidden' }], add() {}, run() {} };`);
  expect(hidden.error).toContain('"hidden"');
});

test('calls hooks in the order and with the modes of tinybench', async () => {
  const source = `
    const hook = (name) => function (mode) { say(name + ' ' + mode + ' ' + (this?.name ?? '')); };
    const bench = new Bench({
      time: 0, iterations: 1, warmupTime: 0, warmupIterations: 1,
      setup: (task, mode) => say('setup ' + mode + ' ' + task.name),
      teardown: (task, mode) => say('teardown ' + mode + ' ' + task.name),
    });
    bench.add('task', function () { say('run ' + this?.name); }, {
      async: false,
      beforeAll: hook('beforeAll'), beforeEach: hook('beforeEach'), afterEach: hook('afterEach'), afterAll: hook('afterAll'),
    });`;
  const { loading, said } = load(`import { Bench } from 'tinybench'; ${source} export default bench;`);
  expect(loading).toEqual([]);
  const reference: string[] = [];
  const make = new Function('Bench', 'say', `${source} return bench;`) as (
    of: typeof Bench,
    say: (what: string) => void,
  ) => Bench;
  await make(Bench, (what) => reference.push(what)).run();
  expect(said).toEqual(reference);
  expect(said).toHaveLength(14);
});

test('a promise of a run or of its hooks makes a case asynchronous', () => {
  const { asyncs } = load(`import { Bench } from 'tinybench';
    export default new Bench()
      .add('sync', () => 1)
      .add('async', async () => 1)
      .add('async hook', () => 1, { beforeEach: async () => {} });`);
  expect(asyncs).toEqual([false, true, true]);
});

// Runs ours of one case under callgrind:
//   node … count-child.ts <case file> <case index>
// It does what the parent commands, byte for byte, on descriptor 3: the parent reads the counts, so that they and no clock decide how often
// the case runs. A segment is a number of runs between two calls of process.getegid(), before which callgrind dumps its counts
// (`--dump-before=getegid`). On descriptor 3, because contestants may print. Imports little: everything costs fifty times its time here.
import { readFileSync, readSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { call, keepCallsApart } from '../call.ts';
import type { BenchCase, Run, Setup } from '../case.ts';
import { END, FACTOR_ZERO, SEGMENT_DONE, TWICE_AS_MANY, type CountChildMessage } from './protocol.ts';

const PARENT_FD = 3;

let sink: unknown;

async function main(): Promise<CountChildMessage> {
  const [file = '', index = ''] = process.argv.slice(2);
  const definition = (await casesOf(file))[Number(index)]!;
  const run = surrounded(await definition.ours.setup(await definition.input.load()));
  if (isPromise(run())) return { kind: 'not-counted', reason: 'asynchronous' };
  keepCallsApart();
  obey(run);
  return { kind: 'counted' };
}

async function casesOf(file: string): Promise<readonly BenchCase[]> {
  const { href } = pathToFileURL(file);
  // Only such files need what reads them.
  if (readFileSync(file).includes('tinybench')) return (await import('../tinybench/load.ts')).loadCaseFile(href);
  const loaded = (await import(href)) as { default: BenchCase | readonly BenchCase[] };
  return [loaded.default].flat();
}

/** What surrounds a run is counted with it. A promise of either shows in what the whole returns. */
function surrounded(made: Setup<unknown>): Run<unknown> {
  if (typeof made === 'function') return made;
  if (made.beforeEach === undefined && made.afterEach === undefined) return made.run;
  return () => {
    const all = [made.beforeEach?.(), made.run(), made.afterEach?.()];
    return all.find(isPromise) ?? all[1];
  };
}

function isPromise(value: unknown): boolean {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

function obey(run: Run<unknown>): void {
  const done = Buffer.from(SEGMENT_DONE);
  const command = Buffer.alloc(1);
  for (let runs = 1; ;) {
    writeSync(PARENT_FD, done);
    if (readSync(PARENT_FD, command) === 0 || command[0] === END) return;
    if (command[0] === TWICE_AS_MANY) runs *= 2;
    else segment(run, runs * (command[0]! - FACTOR_ZERO));
  }
}

function segment(run: Run<unknown>, times: number): void {
  // The young generation empty, and nothing else touched: a full collection drops feedback and code, which the runs would make again.
  globalThis.gc!({ type: 'minor' });
  mark();
  repeat(run, times);
  mark();
}

function repeat(run: Run<unknown>, times: number): void {
  const targets = [run, run];
  for (let i = 0; i < times; i++) sink = call(targets, i);
}

function mark(): void {
  process.getegid!();
}

function report(message: CountChildMessage): never {
  writeSync(PARENT_FD, JSON.stringify(message));
  process.exit(0);
}

main().then(report, (error: unknown) => {
  report({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
});

export { sink };

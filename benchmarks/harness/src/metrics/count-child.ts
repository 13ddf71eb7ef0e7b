// Runs ours of one case under callgrind:
//   node … count-child.ts <case file> <case index> <warm-up runs> <runs>
// Marks the segments by a call of process.getegid(), before which callgrind dumps its counts (`--dump-before=getegid`).
// Tells the parent on descriptor 3, because contestants may print. Imports little: everything costs fifty times its time here.
import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { call, keepCallsApart } from '../call.ts';
import type { BenchCase, Run } from '../case.ts';
import { SEGMENTS, type CountChildMessage } from './protocol.ts';

const REPORT_FD = 3;

let sink: unknown;

async function main(): Promise<CountChildMessage> {
  const [file = '', index = '', warmup = '', runs = ''] = process.argv.slice(2);
  const loaded = (await import(pathToFileURL(file).href)) as { default: BenchCase | readonly BenchCase[] };
  const definition = [loaded.default].flat()[Number(index)]!;
  const made = await definition.ours.setup(await definition.input.load());
  const run = typeof made === 'function' ? made : made.run;
  const first = run();
  if (typeof (first as PromiseLike<unknown> | null | undefined)?.then === 'function') return { kind: 'async' };
  keepCallsApart();
  // A collection between, because the first one drops code and feedback that the next runs have to make again.
  repeat(run, Math.ceil(Number(warmup) / 2));
  globalThis.gc!();
  repeat(run, Math.floor(Number(warmup) / 2));
  for (const factor of SEGMENTS) {
    globalThis.gc!();
    mark();
    repeat(run, Number(runs) * factor);
    mark();
  }
  return { kind: 'counted' };
}

function repeat(run: Run<unknown>, times: number): void {
  const targets = [run, run];
  for (let i = 0; i < times; i++) sink = call(targets, i);
}

function mark(): void {
  process.getegid!();
}

function report(message: CountChildMessage): never {
  writeSync(REPORT_FD, JSON.stringify(message));
  process.exit(0);
}

main().then(report, (error: unknown) => {
  report({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
});

export { sink };

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { RESOLUTION, type Resolution } from '../compare/resolution.ts';
import { corporaFolder } from '../input.ts';
import {
  commandLine,
  constantEnvironment,
  lastWords,
  readDumps,
  readLog,
  segmentCounts,
  type Valgrind,
} from './callgrind.ts';
import { notMeasured, type InstructionCount, type NotMeasured } from './counts.ts';
import { SEGMENTS, type CountChildMessage } from './protocol.ts';
import { LINEARITY_BOUND, slopeOf, type Point } from './slope.ts';

const CHILD = fileURLToPath(new URL('./count-child.ts', import.meta.url));
const HOOKS = fileURLToPath(new URL('../compare/resolution-hooks.ts', import.meta.url));

/**
 * What the shortest segment takes without valgrind: between 60 and 500 million instructions (wide cores run 25 in a nanosecond), and one to
 * five seconds under callgrind. With warm-up a case has nine such segments.
 */
const SEGMENT_NS = 20e6;
/** Runs before the first segment, in segments, of the first attempt and of the second: the optimising compiler has to be done. */
const WARMUP_SEGMENTS = [3, 12] as const;

export interface InstructionOptions {
  readonly root: string;
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly nativeCpu?: string | undefined;
  /** Where the counted process takes packages that are compared from; else as Node finds them. */
  readonly resolution?: Resolution | undefined;
}

export interface CountedCase {
  readonly path: string;
  readonly index: number;
}

/** A power of two, so that nearly equal times give the same number and counts of two versions are taken alike. */
export function runsFor(runNs: number): number {
  return Math.max(1, 2 ** Math.round(Math.log2(SEGMENT_NS / runNs)));
}

/**
 * Counts the instructions of ours, with the JIT on: one process under callgrind warms up and then runs segments of `runs`, twice and three
 * times as many. When they are not on a line, once more after a longer warm-up; then it is not measured. Takes 15 to 60 seconds.
 * Rejects only with what the file system says.
 */
export async function countInstructions(
  counted: CountedCase,
  runs: number,
  valgrind: Valgrind,
  options: InstructionOptions,
): Promise<InstructionCount | NotMeasured> {
  let bent = 0;
  for (const segments of WARMUP_SEGMENTS) {
    const points = await countSegments(counted, runs, segments * runs, valgrind, options);
    if ('notMeasured' in points) return points;
    try {
      const { perRun, nonlinearity } = slopeOf(points);
      if (nonlinearity <= LINEARITY_BOUND) return { value: perRun, runs, nonlinearity };
      bent = nonlinearity;
    } catch (error) {
      return notMeasured((error as RangeError).message);
    }
  }
  return notMeasured(
    `not linear: the slope changes by ${(bent * 100).toFixed(2)} % between ${runs} and ${3 * runs} runs`,
  );
}

export async function countSegments(
  { path, index }: CountedCase,
  runs: number,
  warmup: number,
  valgrind: Valgrind,
  options: InstructionOptions,
): Promise<readonly [Point, Point, Point] | NotMeasured> {
  const folder = mkdtempSync(join(tmpdir(), 'perf-count-'));
  try {
    // Relative, so that the length of the checkout's path is in neither arguments nor stack.
    const within = (file: string): string => relative(options.root, file).split(sep).join('/');
    const hooks = options.resolution === undefined ? [] : [`--import=./${within(HOOKS)}`];
    const script = [...hooks, within(CHILD), within(path)];
    const command = commandLine(valgrind, folder, [...script, String(index), String(warmup), String(runs)]);
    const problem = await runCounted(command, folder, options);
    if (problem !== undefined) return notMeasured(problem);
    const counts = segmentCounts(readDumps(folder), SEGMENTS.length);
    if (counts === undefined) return notMeasured('callgrind wrote no counts between the marks');
    return SEGMENTS.map((factor, at) => ({ runs: factor * runs, instructions: counts[at]! })) as [Point, Point, Point];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Undefined when it counted; else why not. */
async function runCounted(
  [program = '', ...args]: readonly string[],
  folder: string,
  { root, limitMs, signal, nativeCpu, resolution }: InstructionOptions,
): Promise<string | undefined> {
  const child = spawn(program, args, {
    cwd: root,
    env: constantEnvironment({
      LC_ALL: 'C',
      TZ: 'UTC',
      PERF_CORPORA: corporaFolder(),
      PERF_NATIVE_CPU: nativeCpu,
      [RESOLUTION]: resolution === undefined ? undefined : JSON.stringify(resolution),
    }),
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let stopped: string | undefined;
  const stop = (why: string): void => {
    stopped ??= why;
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // Already gone.
    }
  };
  const onAbort = (): void => stop('interrupted');
  const onExit = (): void => stop('interrupted');
  const limit = setTimeout(stop, limitMs, `took longer than ${limitMs / 1e3} s under callgrind`);
  signal?.addEventListener('abort', onAbort, { once: true });
  process.once('exit', onExit);
  if (signal?.aborted) onAbort();
  try {
    const [told, [code, killedBy]] = await Promise.all([text(child.stdio[3] as Readable), once(child, 'close')]);
    if (stopped !== undefined) return stopped;
    if (told === '') {
      const how = killedBy === null ? `exit code ${code}` : `signal ${killedBy}`;
      const why = lastWords(readLog(folder));
      return `ended under callgrind without a result (${how})${why === '' ? '' : `: ${why}`}`;
    }
    return problemOf(JSON.parse(told) as CountChildMessage);
  } catch (error) {
    return `callgrind did not start: ${(error as Error).message}`;
  } finally {
    clearTimeout(limit);
    signal?.removeEventListener('abort', onAbort);
    process.removeListener('exit', onExit);
  }
}

function problemOf(told: CountChildMessage): string | undefined {
  if (told.kind === 'async') return 'asynchronous';
  return told.kind === 'failed' ? `failed under callgrind: ${told.reason}` : undefined;
}

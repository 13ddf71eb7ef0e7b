import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { beside } from '../beside.ts';
import { RESOLUTION, type Resolution } from '../compare/resolution.ts';
import { corporaFolder } from '../input.ts';
import {
  commandLine,
  constantEnvironment,
  lastSegment,
  lastWords,
  readLog,
  takeDumps,
  type Valgrind,
} from './callgrind.ts';
import { notMeasured, type InstructionCount, type NotMeasured } from './counts.ts';
import { countingPlan, type Counted, type Step } from './plan.ts';
import { END, FACTOR_ZERO, SEGMENT_DONE, TWICE_AS_MANY, type CountChildMessage } from './protocol.ts';
import { LINEARITY_BOUND } from './slope.ts';

const CHILD = fileURLToPath(beside('./count-child', import.meta.url));
const HOOKS = fileURLToPath(beside('../compare/resolution-hooks', import.meta.url));

/** When nobody says otherwise. The set-up of a case, too, takes fifty times its time. */
export const COUNT_LIMIT_MS = 600_000;

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

/**
 * Counts the instructions of ours, with the JIT on, in one process under callgrind: it warms up, then runs segments of N, 2N and 3N runs, whose
 * slope counts. N is a power of two that the counts themselves choose, or `runs`. When they are not on a line, once more with longer segments;
 * then it is not measured. Takes 15 to 60 seconds. Rejects only with what the file system says.
 */
export async function countInstructions(
  { path, index }: CountedCase,
  runs: number | undefined,
  valgrind: Valgrind,
  options: InstructionOptions,
): Promise<InstructionCount | NotMeasured> {
  const folder = mkdtempSync(join(tmpdir(), 'perf-count-'));
  try {
    // Relative, so that the length of the checkout's path is in neither arguments nor stack.
    const within = (file: string): string => relative(options.root, file).split(sep).join('/');
    const hooks = options.resolution === undefined ? [] : [`--import=./${within(HOOKS)}`];
    const command = commandLine(valgrind, folder, [...hooks, within(CHILD), within(path), String(index)]);
    const conversation = new Conversation(countingPlan(runs), () => lastSegment(takeDumps(folder)));
    const problem = await runCounted(command, folder, conversation, options);
    if (problem !== undefined) return notMeasured(problem);
    return judge(conversation.counted!);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function judge({ perRun, runs, nonlinearity }: Counted): InstructionCount | NotMeasured {
  if (nonlinearity <= LINEARITY_BOUND) return { value: perRun, runs, nonlinearity };
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  return notMeasured(
    `not linear: the slope changes by ${percent(nonlinearity)} between ${runs} and ${3 * runs} runs (bound ${percent(LINEARITY_BOUND)})`,
  );
}

/** Answers the process under callgrind by the plan. */
class Conversation {
  readonly #plan: Generator<Step, Counted, number>;
  readonly #count: () => number | undefined;
  #runs = 1;
  #next: IteratorResult<Step, Counted> | undefined;
  #isSegmentDue = false;
  /** Once the plan is at its end. */
  counted: Counted | undefined;

  constructor(plan: Generator<Step, Counted, number>, count: () => number | undefined) {
    this.#plan = plan;
    this.#count = count;
  }

  /** The next command. Throws what ends the conversation: counts that are missing or make no sense. */
  answer(): number {
    if (this.#next === undefined) this.#next = this.#plan.next();
    else if (this.#isSegmentDue) {
      const instructions = this.#count();
      if (instructions === undefined) throw new Error('callgrind wrote no counts between the marks');
      this.#next = this.#plan.next(instructions);
    }
    this.#isSegmentDue = false;
    if (this.#next.done === true) {
      this.counted = this.#next.value;
      return END;
    }
    const { runs, factor } = this.#next.value;
    if (runs > this.#runs) {
      this.#runs *= 2;
      return TWICE_AS_MANY;
    }
    this.#isSegmentDue = true;
    return FACTOR_ZERO + factor;
  }
}

/** Undefined when it counted; else why not. */
async function runCounted(
  [program = '', ...args]: readonly string[],
  folder: string,
  conversation: Conversation,
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
    const [told, [code, killedBy]] = await Promise.all([talk(child.stdio[3] as Duplex), once(child, 'close')]);
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

  /** What the child says last. */
  async function talk(channel: Duplex): Promise<string> {
    let told = '';
    channel.setEncoding('utf8');
    try {
      for await (const text of channel as AsyncIterable<string>) {
        if (text !== SEGMENT_DONE) told += text;
        else channel.write(Buffer.of(answer()));
      }
    } catch {
      // It is gone, with commands that it has not read; how it ended says why.
    }
    return told;
  }

  function answer(): number {
    try {
      return conversation.answer();
    } catch (error) {
      stop((error as Error).message);
      return END;
    }
  }
}

function problemOf(told: CountChildMessage): string | undefined {
  if (told.kind === 'not-counted') return told.reason;
  return told.kind === 'failed' ? `failed under callgrind: ${told.reason}` : undefined;
}

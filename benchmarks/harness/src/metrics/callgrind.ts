import { execFileSync } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readdirSync, readFileSync, readSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The function before whose call callgrind dumps: in every libc, hardly ever called, and Node offers it to JavaScript. */
export const MARK = 'getegid';

/** The header of a dump is all that is read of it: the rest lists functions, megabytes of them. */
const HEADER_BYTES = 8_192;

export interface Valgrind {
  readonly version: string;
  /** Program and arguments before those of the client: without address randomisation where that can be turned off. */
  readonly command: readonly string[];
}

/** Undefined where valgrind is not on the path, or does not start. */
export function findValgrind(path: string = process.env['PATH'] ?? ''): Valgrind | undefined {
  const valgrind = findProgram('valgrind', path);
  const version = valgrind === undefined ? undefined : versionFrom(output([valgrind, '--version']));
  if (valgrind === undefined || version === undefined) return undefined;
  const setarch = findProgram('setarch', path);
  // Containers may forbid it.
  const fixed = setarch !== undefined && versionFrom(output([setarch, '-R', valgrind, '--version'])) === version;
  return { version, command: fixed ? [setarch, '-R', valgrind] : [valgrind] };
}

/** `valgrind-3.19.0` or `valgrind-3.25.1.GIT`. */
export function versionFrom(text: string | undefined): string | undefined {
  return /^valgrind-(\S+)/.exec(text ?? '')?.[1];
}

function output([program = '', ...args]: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}

function findProgram(name: string, path: string): string | undefined {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // The next folder.
    }
  }
  return undefined;
}

/** Megabytes that no segment fills, so that no collection falls into one: how many did would depend on where the heap stood when it began. */
const YOUNG_GENERATION_MB = 512;

/** V8 compiles on the main thread, at points that depend on the program alone; the JIT stays on. */
const NODE_FLAGS = [
  '--predictable',
  '--single-threaded',
  // Not --predictable-gc-schedule, which would fix the young generation at 4 MB. What else it does:
  '--no-memory-reducer',
  '--heap-growing-percent=30',
  `--min-semi-space-size=${YOUNG_GENERATION_MB}`,
  `--max-semi-space-size=${YOUNG_GENERATION_MB}`,
  '--hash-seed=1',
  '--random-seed=1',
  '--expose-gc',
  '--disable-warning=ExperimentalWarning',
];

/** The whole command line; `folder` gets the dumps and valgrind's own messages. */
export function commandLine(valgrind: Valgrind, folder: string, script: readonly string[]): readonly string[] {
  return [
    ...valgrind.command,
    '--tool=callgrind',
    `--callgrind-out-file=${join(folder, 'counts')}`,
    `--dump-before=${MARK}`,
    `--log-file=${logFile(folder)}`,
    process.execPath,
    ...NODE_FLAGS,
    ...script,
  ];
}

export const logFile = (folder: string): string => join(folder, 'log');

/** What valgrind said last of its own accord: why it gave up. Empty when nothing. */
export function lastWords(log: string): string {
  const lines = log.split('\n').map((line) => line.replace(/^==\d+== ?/, '').trim());
  return lines.find((line) => /^(valgrind:|Process terminating|vex |.*unrecognised instruction)/.test(line)) ?? '';
}

export function readLog(folder: string): string {
  try {
    return readFileSync(logFile(folder), 'utf8');
  } catch {
    return '';
  }
}

const ENVIRONMENT_BYTES = 4_096;

/** Only these variables, padded: the environment lies on the stack, and its length would move everything below. */
export function constantEnvironment(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(variables).filter((each): each is [string, string] => each[1] !== undefined);
  const used = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(`${key}=${value}`) + 1, 0);
  const missing = ENVIRONMENT_BYTES - used - 'PAD='.length - 1;
  return { ...Object.fromEntries(entries), PAD: '.'.repeat(Math.max(0, missing)) };
}

export interface Dump {
  readonly part: number;
  /** Why it was written: the mark, or the end of the program. */
  readonly trigger: string;
  /** Instructions since the dump before. */
  readonly instructions: number;
}

/** Undefined for what is not the head of a dump with an instruction count. */
export function parseDump(header: string): Dump | undefined {
  const field = (pattern: RegExp): string | undefined => pattern.exec(header)?.[1];
  const part = field(/^part: (\d+)$/m);
  const events = field(/^events: (.+)$/m)?.split(' ');
  const counts = field(/^summary: (.+)$/m)?.split(' ');
  const instructions = Number(counts?.[events?.indexOf('Ir') ?? -1] ?? Number.NaN);
  if (part === undefined || !Number.isSafeInteger(instructions)) return undefined;
  return { part: Number(part), trigger: field(/^desc: Trigger: (.+)$/m) ?? '', instructions };
}

/**
 * The count of the segment that ended last: a segment is marked at both ends, so it is what the last mark's dump holds. Node calls the marked
 * function when it starts, too. Undefined without a mark.
 */
export function lastSegment(dumps: readonly Dump[]): number | undefined {
  const marked = dumps.filter(({ trigger }) => trigger === `--dump-before=${MARK}`);
  return marked.reduce<Dump | undefined>((last, each) => (last && last.part > each.part ? last : each), undefined)
    ?.instructions;
}

/** Reads the dumps in a folder and removes them: each has megabytes. */
export function takeDumps(folder: string): readonly Dump[] {
  const files = readdirSync(folder)
    .filter((name) => name.startsWith('counts'))
    .map((name) => join(folder, name));
  const dumps = files.map((file) => parseDump(head(file))).filter((dump) => dump !== undefined);
  for (const file of files) rmSync(file, { force: true });
  return dumps;
}

function head(file: string): string {
  const buffer = Buffer.alloc(HEADER_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    return buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, HEADER_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}

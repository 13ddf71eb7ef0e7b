// What the command lines have in common: how they read their arguments, how they are interrupted, how they end.
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';

/** A mistake in the command line: exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

const WRONG_USAGE = 2;

/** Exit code of a command that was interrupted: 128 and the number of SIGINT, as shells have it. */
export const INTERRUPTED = 130;

type ErrorClass = abstract new (...args: never[]) => Error;

/** What the errors of a command mean, beside UsageError. */
export interface Failures {
  /** Mistakes of the user's, too. */
  readonly usage?: readonly ErrorClass[];
  /** Their message says all: it is printed without a stack. */
  readonly explained?: readonly ErrorClass[];
  /** Exit code of everything but wrong usage. Default 1. */
  readonly code?: number;
}

/**
 * Runs a command with the arguments of the process, and sets its exit code: what the command returns, 2 and a line for wrong usage, else
 * `code` and the stack.
 */
export function runCommand(
  command: (argv: readonly string[]) => number | Promise<number>,
  { usage = [], explained = [], code = 1 }: Failures = {},
): void {
  const isOneOf = (error: unknown, classes: readonly ErrorClass[]): error is Error =>
    classes.some((each) => error instanceof each);
  Promise.resolve(process.argv.slice(2))
    .then(command)
    .then(
      (exitCode) => {
        process.exitCode = exitCode;
      },
      (error: unknown) => {
        const isUsage = isOneOf(error, [UsageError, ...usage]);
        if (isUsage) process.stderr.write(`${error.message}\nSee --help.\n`);
        else process.stderr.write(`${isOneOf(error, explained) ? error.message : (error as Error).stack}\n`);
        process.exitCode = isUsage ? WRONG_USAGE : code;
      },
    );
}

/**
 * Aborts when the process is asked to end, so that it can first end what it has started and print what it has. The second such signal
 * ends it at once.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

/** Node's `parseArgs`, whose errors are wrong usage. */
export function parseOptions<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    // Its first sentence names the option; its advice about positional arguments does not fit here.
    throw new UsageError((error as Error).message.split(/\.\s/, 1)[0]!);
  }
}

export type Output = 'text' | 'json' | 'markdown';

/** What is printed. Throws UsageError when both are asked for. */
export function outputOf({
  json,
  markdown,
}: {
  readonly json?: boolean | undefined;
  readonly markdown?: boolean | undefined;
}): Output {
  if (json && markdown) throw new UsageError('--json and --markdown exclude each other');
  if (json) return 'json';
  return markdown ? 'markdown' : 'text';
}

/** The value of an option from `least` to `most`, `otherwise` where it was not given. Throws UsageError. */
type ReadNumber = (option: string, text: string | undefined, otherwise: number, least: number, most?: number) => number;

export const wholeNumber: ReadNumber = reader('a whole number', Number.isSafeInteger);
export const numberWithin: ReadNumber = reader('a number', Number.isFinite);

function reader(what: string, isOfKind: (value: number) => boolean): ReadNumber {
  return (option, text, otherwise, least, most = Number.POSITIVE_INFINITY) => {
    const range = most === Number.POSITIVE_INFINITY ? `, ${least} or more` : ` from ${least} to ${most}`;
    const isValid = (value: number): boolean => isOfKind(value) && value >= least && value <= most;
    return numberOf(option, text, otherwise, isValid, what + range);
  };
}

/** As `numberWithin`, from the least number that is not 0. */
export function positiveNumber(option: string, text: string | undefined, otherwise: number): number {
  return numberOf(option, text, otherwise, (value) => Number.isFinite(value) && value > 0, 'a number above 0');
}

function numberOf(
  option: string,
  text: string | undefined,
  otherwise: number,
  isValid: (value: number) => boolean,
  what: string,
): number {
  if (text === undefined) return otherwise;
  // Of blanks alone, Number makes 0.
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!isValid(value)) throw new UsageError(`${option} ${text}: must be ${what}`);
  return value;
}

/** For before the wait, not after it: throws UsageError when the folder of a file that an option names is not there. */
export function checkFolderOf(option: string, file: string | undefined): void {
  if (file === undefined || existsSync(dirname(resolve(file)))) return;
  throw new UsageError(`${option} ${file}: there is no such folder`);
}

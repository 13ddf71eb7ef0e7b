import { MonitorError } from '../errors.ts';

/** One flag of the command line: how it is written, read and explained. */
export interface Flag<T> {
  /** Shown for the value in the help; undefined for a switch. */
  readonly placeholder?: string | undefined;
  readonly help: string;
  readonly fallback: T;
  /** Reads the text; throws a plain Error whose message ends "must be …". */
  readonly read?: ((text: string) => T) | undefined;
}

/** The flags that read into `Values`, one for each of its fields. */
export type FlagsFor<Values> = { readonly [Name in keyof Values]: Flag<Values[Name]> };

export function usageError(message: string): MonitorError {
  return new MonitorError('ERR_PERF_MONITOR_USAGE', `${message}; see perf-monitor --help`);
}

export const toggle = (help: string): Flag<boolean> => ({ help, fallback: false });

export function text<T extends string | undefined>(placeholder: string, help: string, fallback: T): Flag<string | T> {
  return {
    placeholder,
    help,
    fallback,
    read: (value) => {
      if (value === '') throw new Error('must not be empty');
      return value;
    },
  };
}

export function whole<T extends number | undefined>(
  placeholder: string,
  help: string,
  fallback: T,
  min: number,
  max: number,
): Flag<number | T> {
  return {
    placeholder,
    help,
    fallback,
    read: (value) => {
      const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
      if (!(number >= min && number <= max)) throw new Error(`must be a whole number from ${min} to ${max}`);
      return number;
    },
  };
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
/** What a timer can hold. */
const LONGEST_MS = 2 ** 31 - 1;

export function duration<T extends number | undefined>(help: string, fallback: T): Flag<number | T> {
  return {
    placeholder: 'TIME',
    help,
    fallback,
    read: (value) => {
      const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(value);
      const ms = parts === null ? Number.NaN : Math.round(Number(parts[1]) * UNITS_MS[parts[2]]);
      if (!(ms > 0 && ms <= LONGEST_MS)) throw new Error('must be a time with its unit, like 500ms, 20s, 5m or 1h');
      return ms;
    },
  };
}

/** Reads `--name value`, `--name=value` and switches. Everything unknown, repeated or malformed is a usage error. */
export function readFlags<Values extends object>(flagsFor: FlagsFor<Values>, args: readonly string[]): Values {
  const flags = flagsFor as Readonly<Record<string, Flag<unknown>>>;
  const values: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(flags)) values[name] = flag.fallback;
  const given = new Set<string>();
  for (let index = 0; index < args.length; index++) {
    const argument = args[index];
    const parts = /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(argument);
    if (parts === null) throw usageError(`unexpected argument "${argument}"`);
    const [, name, inline] = parts;
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (flag === undefined) throw usageError(`unknown flag --${name}`);
    if (given.has(name)) throw usageError(`--${name} is given twice`);
    given.add(name);
    if (flag.read === undefined) {
      if (inline !== undefined) throw usageError(`--${name} takes no value`);
      values[name] = true;
      continue;
    }
    const value = inline ?? args[++index];
    if (value === undefined || (inline === undefined && value.startsWith('--'))) {
      throw usageError(`--${name} needs a value: --${name} ${flag.placeholder}`);
    }
    try {
      values[name] = flag.read(value);
    } catch (error) {
      throw usageError(`--${name} ${(error as Error).message}, got "${value}"`);
    }
  }
  return values as Values;
}

/** The flags as an indented, aligned list. */
export function describeFlags<Values extends object>(flags: FlagsFor<Values>): string {
  const rows = Object.entries(flags as Readonly<Record<string, Flag<unknown>>>).map(([name, { placeholder, help }]) => [
    `--${name}${placeholder === undefined ? '' : ` ${placeholder}`}`,
    help,
  ]);
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}\n`).join('');
}

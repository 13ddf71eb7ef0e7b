import { choiceOption, signalOption } from '@perf/internal';
import type { Compression } from './byte-source.ts';

/** As `readOptions` takes it; stated here so that no declaration names a package that is not published. */
interface Rule<T> {
  readonly fault: (value: unknown) => string | undefined;
  readonly fallback: T;
}

/** The rules of `SourceOptions`. */
export const SOURCE_RULES: {
  readonly compression: Rule<Compression>;
  readonly signal: Rule<AbortSignal | undefined>;
} = {
  compression: choiceOption<Compression>('auto', ['auto', 'none', 'gzip', 'zstd']),
  signal: signalOption(),
};

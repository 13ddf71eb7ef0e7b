/** One option: how to check it, and what stands there when it is left out. */
export interface OptionRule<T> {
  /** Returns what is wrong ("must be an integer from 1 to 10"), or undefined. */
  readonly fault: (value: unknown) => string | undefined;
  readonly fallback: T;
}

export type OptionRules = Readonly<Record<string, OptionRule<unknown>>>;
export type ReadOptions<Rules extends OptionRules> = {
  readonly [Key in keyof Rules]: Rules[Key] extends OptionRule<infer T> ? T : never;
};

/** Makes the package's own error from the key and the sentence. */
export type OptionFault = (message: string, key: string) => Error;

/**
 * Reads a plain options object against its rules: unknown keys and wrong values throw what `fault` makes, the result is
 * frozen and complete. `undefined` means "left out", so that `{ timeoutMs: config.timeoutMs }` works.
 */
export function readOptions<const Rules extends OptionRules>(
  subject: string,
  given: object | undefined,
  rules: Rules,
  fault: OptionFault,
): ReadOptions<Rules> {
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given))) {
    throw fault(`${subject}: options must be an object, got ${show(given)}`, '');
  }
  const values = (given ?? {}) as Record<string, unknown>;
  for (const key of Object.keys(values)) {
    if (!Object.hasOwn(rules, key)) {
      const near = nearest(key, Object.keys(rules));
      throw fault(`${subject}: unknown option "${key}"${near === undefined ? '' : `, did you mean "${near}"?`}`, key);
    }
  }
  const result: Record<string, unknown> = {};
  for (const [key, rule] of Object.entries(rules)) {
    const value = values[key];
    if (value === undefined) {
      result[key] = rule.fallback;
      continue;
    }
    const wrong = rule.fault(value);
    if (wrong !== undefined) throw fault(`${subject}: option "${key}" ${wrong}, got ${show(value)}`, key);
    result[key] = value;
  }
  return Object.freeze(result) as ReadOptions<Rules>;
}

export function integerOption(
  fallback: number,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): OptionRule<number> {
  return {
    fallback,
    fault: (value) =>
      Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
        ? undefined
        : `must be an integer from ${min} to ${max}`,
  };
}

export function numberOption(fallback: number, min: number, max: number = Number.MAX_VALUE): OptionRule<number> {
  return {
    fallback,
    fault: (value) =>
      typeof value === 'number' && value >= min && value <= max ? undefined : `must be a number from ${min} to ${max}`,
  };
}

export function booleanOption(fallback: boolean): OptionRule<boolean> {
  return { fallback, fault: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false') };
}

export function stringOption<Fallback extends string | undefined>(fallback: Fallback): OptionRule<string | Fallback> {
  return {
    fallback,
    fault: (value) => (typeof value === 'string' && value.length > 0 ? undefined : 'must be a non-empty string'),
  };
}

export function choiceOption<const Choice extends string>(
  fallback: NoInfer<Choice>,
  choices: readonly Choice[],
): OptionRule<Choice> {
  return {
    fallback,
    fault: (value) => (choices.includes(value as Choice) ? undefined : `must be one of ${choices.join(', ')}`),
  };
}

export function functionOption<F>(fallback: F): OptionRule<F> {
  return { fallback, fault: (value) => (typeof value === 'function' ? undefined : 'must be a function') };
}

/** An AbortSignal, checked by shape so that a polyfill or another realm's signal passes. */
export function signalOption(): OptionRule<AbortSignal | undefined> {
  return {
    fallback: undefined,
    fault: (value) =>
      typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value
        ? undefined
        : 'must be an AbortSignal',
  };
}

/** Anything the caller checks by itself. */
export function anyOption<T>(
  fallback: T,
  fault: (value: unknown) => string | undefined = () => undefined,
): OptionRule<T> {
  return { fallback, fault };
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

/** The closest known key within two edits: enough for a typo, too little to guess. */
function nearest(key: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = 3;
  for (const candidate of known) {
    const distance = editDistance(key.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein, one row. */
function editDistance(a: string, b: string): number {
  const row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    let diagonal = row[0];
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j];
      const cost = a[i - 1] === b[j - 1] ? diagonal : 1 + Math.min(diagonal, above, row[j - 1]);
      diagonal = above;
      row[j] = cost;
    }
  }
  return row[b.length];
}

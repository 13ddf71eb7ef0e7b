// A value's JSON text in pieces, none of them much longer than it has to be: large arrays and objects are walked member by
// member, everything else is written by one call of the engine. Joined, the pieces are what `JSON.stringify` returns.
//
// How large a value is, is estimated by looking at it as far as a limit. Whatever `JSON.stringify` does not simply walk
// through (toJSON, boxed primitives, proxies, raw JSON) is left to the engine, and so are leaves: numbers, strings, dates.

import { types } from 'node:util';
import { JsonError } from '../errors.ts';

/** Values of more characters than about this are walked. */
export const LARGE_TEXT = 32_768;
/** Deeper values count as large: walking does not recurse. */
const MAX_MEASURED_DEPTH = 64;
/** What a number or a word takes, with a comma. */
const SCALAR_LENGTH = 6;

/**
 * The text of a small value as the member `key` of its container, or undefined where it has none: for `undefined`,
 * functions and symbols. Throws what `JSON.stringify` throws.
 */
export function wholeText(value: unknown, key: string | number): string | undefined {
  if (!hasToJSON(value)) return JSON.stringify(value);
  // toJSON is told the key: so the value is written as that member of something, and the rest cut off.
  const holder = Object.create(null) as Record<string | number, unknown>;
  holder[key] = value;
  const text = JSON.stringify(holder);
  return text === '{}' ? undefined : text.slice(JSON.stringify(String(key)).length + 2, -1);
}

/** Whether a value is to be walked: a plain container whose text is longer than about `limit`. */
export function isLarge(value: unknown, limit: number): value is object {
  if (typeof value !== 'object' || value === null || measured(value, limit, 0) >= 0) return false;
  return !hasToJSON(value) && !types.isBoxedPrimitive(value) && !types.isProxy(value) && !isRawJson(value);
}

/** The text of a large value, piece by piece. Throws `ERR_PERF_JSON_VALUE` for a cycle. */
export function* largePieces(value: object, limit: number): Generator<string, void, undefined> {
  const ancestors = new Set<object>([value]);
  const open: Walk[] = [new Walk(value)];
  yield open[0].opening;
  for (;;) {
    const walk = open[open.length - 1];
    if (walk.isDone) {
      yield walk.closing;
      open.pop();
      ancestors.delete(walk.container);
      if (open.length === 0) return;
      continue;
    }
    const member = walk.next();
    if (isLarge(member, limit)) {
      if (ancestors.has(member)) throw cycle(open);
      ancestors.add(member);
      const inner = new Walk(member);
      yield walk.before() + inner.opening;
      open.push(inner);
    } else {
      const text = wholeText(member, walk.key);
      // As the engine: in an object such a member is left out, in an array it is null.
      if (text !== undefined || walk.keys === undefined) yield walk.before() + (text ?? 'null');
    }
  }
}

/** The way through the members of one container. */
class Walk {
  readonly container: object;
  /** Of an object; undefined for an array. */
  readonly keys: readonly string[] | undefined;
  readonly #length: number;
  #at = 0;
  #isFirst = true;

  constructor(container: object) {
    this.container = container;
    this.keys = Array.isArray(container) ? undefined : Object.keys(container);
    this.#length = (this.keys ?? (container as unknown[])).length;
  }

  get opening(): string {
    return this.keys === undefined ? '[' : '{';
  }

  get closing(): string {
    return this.keys === undefined ? ']' : '}';
  }

  get isDone(): boolean {
    return this.#at === this.#length;
  }

  /** Key or index of the member that `next` returned. */
  get key(): string | number {
    return this.keys === undefined ? this.#at - 1 : this.keys[this.#at - 1];
  }

  next(): unknown {
    this.#at++;
    return (this.container as Record<string | number, unknown>)[this.key];
  }

  /** What stands between the last member that has a text and this one. */
  before(): string {
    const comma = this.#isFirst ? '' : ',';
    this.#isFirst = false;
    return this.keys === undefined ? comma : `${comma}${JSON.stringify(this.key)}:`;
  }
}

/** What is left of a budget of characters, negative when the value has more. */
function measured(value: unknown, budget: number, depth: number): number {
  if (typeof value === 'string') return budget - value.length;
  if (typeof value !== 'object' || value === null) return budget - SCALAR_LENGTH;
  if (depth === MAX_MEASURED_DEPTH) return -1;
  let left = budget - 2;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length && left >= 0; at++) left = measured(value[at], left, depth + 1);
    return left;
  }
  for (const key in value) {
    left = measured((value as Record<string, unknown>)[key], left - key.length - 4, depth + 1);
    if (left < 0) break;
  }
  return left;
}

function hasToJSON(value: unknown): boolean {
  const canHave =
    typeof value === 'bigint' || typeof value === 'function' || (typeof value === 'object' && value !== null);
  return canHave && typeof (value as { readonly toJSON?: unknown }).toJSON === 'function';
}

function isRawJson(value: object): boolean {
  return (JSON as { readonly isRawJSON?: (value: unknown) => boolean }).isRawJSON?.(value) ?? false;
}

function cycle(open: readonly Walk[]): JsonError {
  const path = open.map(({ key }) => (typeof key === 'number' ? `[${key}]` : `[${JSON.stringify(key)}]`)).join('');
  return new JsonError('ERR_PERF_JSON_VALUE', `a cycle has no JSON text (value${path} contains itself): break it`);
}

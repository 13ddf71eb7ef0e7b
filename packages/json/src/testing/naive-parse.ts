import type { ParseOptions } from '../parse/options.ts';
import { naiveFault } from './naive.ts';

/** What `parse` gives or throws. */
export type NaiveResult = { readonly value: unknown } | { readonly reason: string; readonly byteOffset: number };

/** `parse` as one would write it without thinking of speed: by recursion over the text. */
export function naiveParse(input: string | Uint8Array, options: ParseOptions = {}): NaiveResult {
  const given = Buffer.from(input as Uint8Array);
  const mark = options.bom === 'strip' && given.subarray(0, 3).equals(MARK) ? 3 : 0;
  const document = given.subarray(mark);
  const replaced = options.utf8 === 'replace' ? Buffer.from(document.toString()) : document;
  const refused = (reason: string, at: number): NaiveResult => ({
    reason,
    byteOffset: mark + (options.utf8 === 'replace' ? offsetBefore(document, at) : at),
  });
  const fault = naiveFault(replaced, options.maxDepth);
  if (fault !== undefined) return refused(fault.reason, fault.byteOffset);
  const text = typeof input === 'string' ? input.replace(/^\ufeff/, '') : replaced.toString();
  try {
    return { value: build(text, options) };
  } catch (error) {
    if (!(error instanceof Unwanted)) throw error;
    return refused(error.reason, Buffer.byteLength(text.slice(0, error.at)));
  }
}

const MARK = Buffer.from('\ufeff');

/** Where a byte of the replaced text was: the cut at which both parts together read as the whole does. */
function offsetBefore(document: Buffer, at: number): number {
  const text = document.toString();
  for (let cut = 0; cut <= document.length; cut++) {
    const head = document.toString('utf8', 0, cut);
    if (Buffer.byteLength(head) === at && head + document.toString('utf8', cut) === text) return cut;
  }
  throw new Error(`no byte of ${document.toString('base64')} became byte ${at}`);
}

class Unwanted extends Error {
  readonly reason: string;
  readonly at: number;
  constructor(reason: string, at: number) {
    super(reason);
    this.reason = reason;
    this.at = at;
  }
}

/** Of a text that is JSON. */
function build(text: string, { numbers, duplicateKeys, proto }: ParseOptions): unknown {
  let at = 0;

  function token(pattern: RegExp): string {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  }

  const space = (): string => token(/[ \t\r\n]*/y);
  const string = (): string => JSON.parse(token(/"(?:[^"\\]|\\.)*"/sy)) as string;

  function number(): unknown {
    const source = token(/[-+.eE\d]+/y);
    if (numbers === 'string') return source;
    const isUnsafe = /^-?\d+$/.test(source) && !Number.isSafeInteger(Number(source));
    return numbers === 'bigint-if-unsafe' && isUnsafe ? BigInt(source) : Number(source);
  }

  function members(close: string, member: () => void): void {
    at++;
    for (space(); text[at] !== close; space()) {
      if (text[at] === ',') at++;
      space();
      member();
    }
    at++;
  }

  function object(): object {
    const result = {};
    const seen = new Set<string>();
    members('}', () => {
      const start = at;
      const key = string();
      space();
      at++;
      const isRepeated = seen.has(key);
      seen.add(key);
      if (isRepeated && duplicateKeys === 'error') throw new Unwanted('duplicate-key', start);
      if (key === '__proto__' && proto === 'error') throw new Unwanted('proto-key', start);
      const inner = value();
      if ((isRepeated && duplicateKeys === 'first') || (key === '__proto__' && proto === 'remove')) return;
      Object.defineProperty(result, key, { value: inner, writable: true, enumerable: true, configurable: true });
    });
    return result;
  }

  function value(): unknown {
    space();
    if (text[at] === '"') return string();
    if (text[at] === '{') return object();
    if (text[at] === '[') {
      const result: unknown[] = [];
      members(']', () => result.push(value()));
      return result;
    }
    if (/[-\d]/.test(text[at])) return number();
    return JSON.parse(token(/[a-z]+/y));
  }

  return value();
}

/** A value as text that tells everything: the order of keys, BigInt, −0, `__proto__`. */
export function spelt(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (Array.isArray(value)) return `[${value.map(spelt).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}:${spelt(inner)}`)
    .join()}}`;
}

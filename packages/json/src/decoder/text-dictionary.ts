import { JsonError, optionError } from '../errors.ts';

/**
 * Texts and their small integers: the first is 0. One dictionary may serve any number of fields and decoders.
 *
 * Found by the bytes of the message, so that a known text costs no string.
 */
export interface TextDictionary {
  /** How many texts there are. */
  readonly size: number;
  /** Whether decoding refuses texts that are not there yet, instead of adding them. */
  readonly closed: boolean;
  /** The text of an integer, or undefined. */
  textOf(index: number): string | undefined;
  /** The integer of a text, or −1. */
  indexOf(text: string): number;
  /** The integer of a text, which is added if need be. Throws `ERR_PERF_JSON_OPTION` for a text with a lone surrogate. */
  add(text: string): number;
}

interface Entry {
  readonly index: number;
  readonly bytes: Uint8Array;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/**
 * Makes a dictionary of these texts. With `closed`, decoders refuse any other; otherwise they add what they meet, up to
 * their `maxTextEntries`.
 */
export function textDictionary(
  texts: Iterable<string> = [],
  options: { readonly closed?: boolean | undefined } = {},
): TextDictionary {
  const dictionary = new Texts(options.closed ?? false);
  if (typeof texts?.[Symbol.iterator] !== 'function') throw optionError('textDictionary: texts must be iterable');
  for (const text of texts) dictionary.add(text);
  return dictionary;
}

/** What decoders use beyond the public part. */
export class Texts implements TextDictionary {
  readonly closed: boolean;
  /** Length of every text in bytes, by index. */
  readonly byteLengths: number[] = [];
  readonly #texts: string[] = [];
  readonly #indexes = new Map<string, number>();
  readonly #byHash = new Map<number, Entry[]>();

  constructor(closed: boolean) {
    this.closed = closed;
  }

  get size(): number {
    return this.#texts.length;
  }

  textOf(index: number): string | undefined {
    return this.#texts[index];
  }

  indexOf(text: string): number {
    return this.#indexes.get(text) ?? -1;
  }

  add(text: string): number {
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    if (typeof text !== 'string' || !isWellFormed(text)) {
      throw new JsonError('ERR_PERF_JSON_OPTION', 'textDictionary: a text must be a well-formed string');
    }
    const index = this.#texts.push(text) - 1;
    const bytes = new TextEncoder().encode(text);
    this.#indexes.set(text, index);
    this.byteLengths.push(bytes.length);
    // Texts that JSON has to escape never stand in a message as they are.
    if (!bytes.some((byte) => byte < SPACE || byte === QUOTE || byte === BACKSLASH)) {
      const hash = hashOf(bytes);
      const bucket = this.#byHash.get(hash);
      if (bucket === undefined) this.#byHash.set(hash, [{ index, bytes }]);
      else bucket.push({ index, bytes });
    }
    return index;
  }

  /**
   * The index of the text between `start` and the next quote, or −1: unknown, unfinished, or spelt with an escape.
   * The bytes of a text that is found are valid in a JSON string.
   */
  findQuoted(bytes: Uint8Array, start: number, end: number): number {
    let hash = HASH_START;
    let at = start;
    for (; at < end; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) break;
      hash = Math.imul(hash ^ byte, HASH_FACTOR);
    }
    if (at >= end) return -1;
    const bucket = this.#byHash.get(hash & HASH_MASK);
    if (bucket === undefined) return -1;
    for (let place = 0; place < bucket.length; place++) {
      const entry = bucket[place];
      if (isSame(entry.bytes, bytes, start, at)) return entry.index;
    }
    return -1;
  }
}

// FNV-1a, kept to 30 bits so that it stays a small integer.
const HASH_START = 0x811c9dc5 | 0;
const HASH_FACTOR = 0x01000193;
const HASH_MASK = 0x3fffffff;

function hashOf(bytes: Uint8Array): number {
  let hash = HASH_START;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, HASH_FACTOR);
  return hash & HASH_MASK;
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[start + at]) return false;
  return true;
}

/** Whether a text has a UTF-8 form: no lone surrogates. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

import { decimalFault, scaledFromBytes, scaledFromText } from '@perf/internal';
import type { ValueFinder } from '../backend.ts';
import { JsonError } from '../errors.ts';
import { COLON, OPEN_BRACE, OPEN_BRACKET, QUOTE, skipSpace } from '../scan-tokens.ts';
import { positionOf } from '../report.ts';
import type { Cursor, Document, JsonType } from './document.ts';
import type { IndexMemory } from './index-memory.ts';
import { BROKEN, findStart, skipValue } from './find-unindexed.ts';
import { readNumber, scaledBigInt } from './number.ts';
import { compiled, readOf } from './pointer.ts';
import type { JsonPointer } from './pointer.ts';
import { checkScale, LETTER_F, LETTER_N, LETTER_T, typeOf } from './value-type.ts';
import { MISSING, nextEntry, valueEnd, walk } from './walk.ts';

type Pointer = string | JsonPointer;

/** What a document needs of who opened it: used only where there is no index yet, or something is wrong. */
export interface Opener {
  /** Finds a value without an index, if native code can. */
  readonly find: ValueFinder | undefined;
  /** Indexes the document, or throws what is wrong with it. */
  fill(index: IndexMemory): void;
  /** Throws what is wrong with a trusted document after all, or `cause`. */
  refuse(bytes: Buffer, cause: unknown): never;
}

/** Where native code writes what it found; read at once. */
const SPAN = new Uint32Array(2);

/** The value that was found is not an entry: there is no index yet. */
const UNINDEXED = -2;

export class OpenDocument implements Document {
  readonly #index: IndexMemory;
  readonly #id: number;
  readonly #length: number;
  readonly #opener: Opener;
  /** A trusted document is indexed when it is looked into for the second time. */
  #isTouched = false;
  /** Found last, by `#find`: where its first byte is, its entry, and where it ends if it has none. */
  #start = 0;
  #entry = 0;
  #end = 0;

  constructor(index: IndexMemory, id: number, opener: Opener) {
    this.#index = index;
    this.#id = id;
    this.#length = index.bytes.length;
    this.#opener = opener;
  }

  get(pointer: Pointer, from?: Cursor): unknown {
    return this.#find(pointer, from) ? this.#value() : undefined;
  }

  getMany(pointers: readonly Pointer[], from?: Cursor): unknown[] {
    // One search per pointer on an index beats one without for all of them.
    if (pointers.length > 1) this.#indexed();
    const values: unknown[] = [];
    for (const pointer of pointers) values.push(this.get(pointer, from));
    return values;
  }

  has(pointer: Pointer, from?: Cursor): boolean {
    return this.#find(pointer, from);
  }

  type(pointer: Pointer, from?: Cursor): JsonType | undefined {
    return this.#find(pointer, from) ? typeOf(this.#index.bytes[this.#start]) : undefined;
  }

  length(pointer: Pointer, from?: Cursor): number | undefined {
    const index = this.#indexed();
    if (!this.#find(pointer, from)) return undefined;
    const byte = index.bytes[this.#start];
    if (byte !== OPEN_BRACE && byte !== OPEN_BRACKET) return undefined;
    const container = this.#entry;
    const limit = index.ends[container];
    const keys = byte === OPEN_BRACE ? 1 : 0;
    let members = 0;
    for (let entry = container + 1; entry < limit; entry = nextEntry(index, entry + keys)) members++;
    return members;
  }

  slice(pointer: Pointer, from?: Cursor): Uint8Array | undefined {
    return this.#find(pointer, from) ? this.#index.bytes.subarray(this.#start, this.#valueEnd()) : undefined;
  }

  materialize(pointer: Pointer = '', from?: Cursor): unknown {
    return this.get(pointer, from);
  }

  *iterate(pointer: Pointer = '', from?: Cursor): Generator<Cursor, undefined, void> {
    const index = this.#indexed();
    if (!this.#find(pointer, from)) return;
    const byte = index.bytes[this.#start];
    if (byte !== OPEN_BRACE && byte !== OPEN_BRACKET) return;
    const limit = index.ends[this.#entry];
    const keys = byte === OPEN_BRACE ? 1 : 0;
    for (let entry = this.#entry + 1 + keys; entry < limit;) {
      yield entry as Cursor;
      this.#check();
      entry = nextEntry(index, entry) + keys;
    }
  }

  [Symbol.iterator](): Generator<Cursor, undefined, void> {
    return this.iterate();
  }

  key(cursor: Cursor): string | undefined {
    const index = this.#indexed();
    this.#find('', cursor);
    if (cursor === 0) return undefined;
    const before = cursor - 1;
    const start = index.offsets[before];
    if (index.bytes[start] !== QUOTE) return undefined;
    const end = index.ends[before];
    // A string in front of an array's element is followed by a comma.
    if (index.bytes[skipSpace(index.bytes, end + 1, this.#length)] !== COLON) return undefined;
    return this.#text(start + 1, end);
  }

  number(pointer: Pointer, from?: Cursor): number | undefined {
    if (!this.#find(pointer, from)) return undefined;
    if (typeOf(this.#index.bytes[this.#start]) !== 'number') this.#refuseType('a number', pointer);
    return readNumber(this.#index.bytes, this.#start, this.#valueEnd());
  }

  bigint(pointer: Pointer, from?: Cursor): bigint | undefined {
    return this.decimalBigInt(pointer, 0, from);
  }

  decimal(pointer: Pointer, scale: number, from?: Cursor): number | undefined {
    checkScale(scale);
    if (!this.#find(pointer, from)) return undefined;
    const quotes = this.#quotesOfNumber(pointer);
    const start = this.#start + quotes;
    const value = scaledFromBytes(this.#index.bytes, start, this.#valueEnd() - quotes, scale);
    if (!Number.isNaN(value)) return value;
    const text = this.#numberText(quotes);
    const unescaped = scaledFromText(text, scale);
    if (!Number.isNaN(unescaped)) return unescaped;
    return this.#refuseNumber(decimalFault(text, scale) as string, pointer);
  }

  decimalBigInt(pointer: Pointer, scale: number, from?: Cursor): bigint | undefined {
    checkScale(scale);
    if (!this.#find(pointer, from)) return undefined;
    const value = scaledBigInt(this.#numberText(this.#quotesOfNumber(pointer)), scale);
    return typeof value === 'string' ? this.#refuseNumber(value, pointer) : value;
  }

  string(pointer: Pointer, from?: Cursor): string | undefined {
    if (!this.#find(pointer, from)) return undefined;
    if (this.#index.bytes[this.#start] !== QUOTE) this.#refuseType('a string', pointer);
    return this.#text(this.#start + 1, this.#valueEnd() - 1);
  }

  boolean(pointer: Pointer, from?: Cursor): boolean | undefined {
    if (!this.#find(pointer, from)) return undefined;
    const byte = this.#index.bytes[this.#start];
    if (byte !== LETTER_T && byte !== LETTER_F) this.#refuseType('true or false', pointer);
    return byte === LETTER_T;
  }

  /** Whether there is such a value; it is then the one that the other methods speak of. */
  #find(pointer: Pointer, from: Cursor | undefined): boolean {
    this.#check();
    const index = this.#index;
    if (index.count === 0) {
      if (!this.#isTouched && from === undefined) return this.#findUnindexed(pointer);
      this.#opener.fill(index);
    }
    const first = from === undefined ? 0 : this.#checkCursor(from);
    let entry: number;
    if (typeof pointer === 'string') {
      entry = walk(index, first, readOf(pointer).steps);
    } else {
      const known = compiled(pointer);
      if (known.document !== this.#id || known.from !== first) {
        known.entry = walk(index, first, known.read.steps);
        known.document = this.#id;
        known.from = first;
      }
      entry = known.entry;
    }
    if (entry === MISSING) return false;
    this.#entry = entry;
    this.#start = index.offsets[entry];
    return true;
  }

  #findUnindexed(pointer: Pointer): boolean {
    const { bytes } = this.#index;
    const { steps, utf8 } = readOf(pointer);
    this.#isTouched = true;
    this.#entry = UNINDEXED;
    const { find } = this.#opener;
    if (find !== undefined && utf8 !== undefined) {
      if (!find(bytes, utf8, SPAN)) return false;
      [this.#start, this.#end] = SPAN;
      return true;
    }
    this.#start = findStart(bytes, steps);
    if (this.#start === MISSING) return false;
    this.#end = this.#start === BROKEN ? BROKEN : skipValue(bytes, this.#start);
    if (this.#end === BROKEN) this.#opener.refuse(bytes, undefined);
    return true;
  }

  #indexed(): IndexMemory {
    this.#check();
    if (this.#index.count === 0) this.#opener.fill(this.#index);
    return this.#index;
  }

  #check(): void {
    const index = this.#index;
    if (index.owner !== this.#id) {
      const advice = 'read a document before the next one is opened with its index, or give each an index of its own';
      throw new JsonError('ERR_PERF_JSON_STALE', `the index of this document is in use for another: ${advice}`);
    }
    if (index.bytes.length !== this.#length) {
      const what = `the ${this.#length} bytes of this document are gone: their ArrayBuffer was detached or resized`;
      throw new JsonError('ERR_PERF_JSON_STALE', `${what}; open a copy`);
    }
  }

  #checkCursor(from: Cursor): number {
    if (Number.isInteger(from) && from >= 0 && from < this.#index.count) return from;
    const advice = 'use those that iterate() of the same document gives';
    throw new JsonError('ERR_PERF_JSON_POINTER', `no cursor of this document: ${String(from)}; ${advice}`);
  }

  #valueEnd(): number {
    return this.#entry === UNINDEXED ? this.#end : valueEnd(this.#index, this.#entry);
  }

  #value(): unknown {
    const { bytes } = this.#index;
    const start = this.#start;
    switch (bytes[start]) {
      case QUOTE:
        return this.#text(start + 1, this.#valueEnd() - 1);
      case LETTER_T:
        return true;
      case LETTER_F:
        return false;
      case LETTER_N:
        return null;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        return this.#parseText(this.#decode(start, this.#valueEnd()));
      default:
        return readNumber(bytes, start, this.#valueEnd());
    }
  }

  /** The string between two quotes. */
  #text(from: number, end: number): string {
    // With the quotes, so that one with escapes need not be decoded again to be parsed.
    const quoted = this.#decode(from - 1, end + 1);
    return quoted.includes('\\') ? (this.#parseText(quoted) as string) : quoted.slice(1, -1);
  }

  #parseText(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (cause) {
      return this.#opener.refuse(this.#index.bytes, cause);
    }
  }

  #decode(from: number, end: number): string {
    try {
      return this.#index.bytes.toString('utf8', from, end);
    } catch (cause) {
      const advice = 'the engine cannot hold it as a string; read parts of it';
      throw new JsonError('ERR_PERF_JSON_SIZE', `the value has ${end - from} bytes: ${advice}`, { cause });
    }
  }

  /** 0 for a number, 1 for a string. */
  #quotesOfNumber(pointer: Pointer): number {
    const byte = this.#index.bytes[this.#start];
    if (byte === QUOTE) return 1;
    return typeOf(byte) === 'number' ? 0 : this.#refuseType('a number or the text of one', pointer);
  }

  #numberText(quotes: number): string {
    if (quotes === 1) return this.#text(this.#start + 1, this.#valueEnd() - 1);
    return this.#index.bytes.toString('latin1', this.#start, this.#valueEnd());
  }

  #refuseType(wanted: string, pointer: Pointer): never {
    const found = typeOf(this.#index.bytes[this.#start]);
    const article = found === 'array' || found === 'object' ? 'an ' : found === 'null' ? '' : 'a ';
    throw this.#located(
      'ERR_PERF_JSON_TYPE',
      `expected ${wanted}, found ${article}${found}`,
      pointer,
      'ask type() first',
    );
  }

  #refuseNumber(what: string, pointer: Pointer): never {
    throw this.#located(
      'ERR_PERF_JSON_NUMBER',
      what,
      pointer,
      'nothing is rounded: ask for more decimals, or read the text',
    );
  }

  #located(
    code: 'ERR_PERF_JSON_TYPE' | 'ERR_PERF_JSON_NUMBER',
    what: string,
    pointer: Pointer,
    advice: string,
  ): JsonError {
    const position = positionOf(this.#index.bytes, this.#start);
    const text = typeof pointer === 'string' ? pointer : pointer.text;
    const where = `at ${JSON.stringify(text)}, line ${position.line}, column ${position.column} (byte ${position.byteOffset})`;
    return new JsonError(code, `${what} ${where}: ${advice}`, position);
  }
}

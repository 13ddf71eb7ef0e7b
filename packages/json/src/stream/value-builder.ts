import { constants, isUtf8 } from 'node:buffer';
import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, scanString, skipSpace } from '../scan-tokens.ts';
import { scanKey } from '../scan-value.ts';
import { DocumentScanner } from './document-scanner.ts';
import type { Expected } from './document-scanner.ts';
import { StructureFinder } from './structure-finder.ts';
import type { Window } from './window.ts';

/** A value that has more bytes than this is built in pieces. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** One string or number must fit a string of the engine; at most so many bytes are kept of it. */
const MAX_TOKEN_BYTES: number = constants.MAX_STRING_LENGTH;

/** What became of the bytes in the window. */
export type Built =
  /** All are used that can be. */
  | 'more'
  /** The value is there, and `window.from` behind it. */
  | 'done'
  /** Something is wrong behind `window.from`: the scan of the document says what. */
  | 'refused';

/** An array or object that is built in pieces. */
interface Frame {
  readonly isObject: boolean;
  readonly value: unknown[] | Record<string, unknown>;
  /** What comes next: a first member or none, another member, a comma or the end. */
  expects: 'first' | 'member' | 'next';
}

/**
 * Builds the value of a document that comes in pieces.
 *
 * The engine builds it: a small document whole, and of a large one the members of its large arrays and objects, as many at a
 * time as are whole in the window.
 *
 * ```text
 *   {"a":1,"rows":[{…},{…},{"b":[…     frames { and [, and open in the member at ^from: { and [
 *                  ^from  ^comma       up to the comma, members are parsed together and appended to the frame of "rows"
 * ```
 *
 * Only brackets and commas are looked for; the engine checks what stands between them. What is put together here is checked
 * here: the brackets of the frames, the keys and commas before them.
 */
export class ValueBuilder {
  value: unknown;
  /** The engine's error for what was refused. */
  cause: unknown;
  readonly #maxDepth: number;
  readonly #frames: Frame[] = [];
  readonly #finder = new StructureFinder();
  /** Bytes behind `window.from` that were looked at. */
  #searched = 0;
  /** Offsets of the brackets that are open in the member at `window.from`, from the outside in. */
  #opens: number[] = [];
  /** Offset of the last comma in the innermost frame, then in each of those brackets; −1 for none. */
  #commas: number[] = [-1];
  /** Of a document without brackets. */
  #scalar: DocumentScanner | undefined;

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  /** A scanner of the document that goes on at `window.from`. */
  scanner(window: Window, built: Built): DocumentScanner {
    const brackets = this.#frames.map(({ isObject }) => isObject);
    const expected = built === 'done' ? 'next' : this.#expected();
    return DocumentScanner.within(brackets, expected, window.position, this.#maxDepth);
  }

  /** Builds from `window.from` on, and moves it behind what is built. */
  build(window: Window): Built {
    if (this.#searched === 0) window.from = skipSpace(window.bytes, window.from, window.to);
    const { bytes, from, to } = window;
    const isDocument = this.#frames.length === 0;
    if (isDocument && (from === to || !isOpening(bytes[from]))) return this.#buildScalar(window);
    let at = from + this.#searched;
    for (;;) {
      at = this.#finder.next(bytes, at, to);
      if (at < 0) return this.#pause(window);
      const byte = bytes[at];
      if (isOpening(byte)) {
        if (this.#frames.length + this.#opens.length === this.#maxDepth) return 'refused';
        this.#opens.push(window.start + at);
        this.#commas.push(-1);
      } else if (byte === COMMA) {
        if (!this.#comma(window, at)) return 'refused';
      } else {
        const built = this.#close(window, at);
        if (built !== 'more') return built;
      }
      at++;
    }
  }

  #expected(): Expected {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return 'value';
    const { isObject, expects } = frame;
    if (expects === 'next') return 'next';
    if (expects === 'first') return isObject ? 'first-key' : 'first-value';
    return isObject ? 'key' : 'value';
  }

  #buildScalar(window: Window): Built {
    const { bytes, from, to, isLast } = window;
    const scanner = (this.#scalar ??= this.scanner(window, 'more'));
    const at = scanner.scan(bytes, from + this.#searched, to, isLast);
    if (scanner.stop === 'fault') return 'refused';
    if (!scanner.isBehindDocument) {
      this.#searched = at - from;
      return isLast || to - from > MAX_TOKEN_BYTES ? 'refused' : 'more';
    }
    // Between the value and here is white space.
    const value = this.#parse(bytes, from, at, '', '');
    if (value === undefined) return 'refused';
    this.value = value;
    window.from = at;
    return 'done';
  }

  #comma(window: Window, at: number): boolean {
    const { length } = this.#opens;
    if (length > 0) {
      this.#commas[length] = window.start + at;
      return true;
    }
    const frame = this.#frames.at(-1);
    if (frame === undefined) return false;
    if (frame.expects === 'next') {
      if (skipSpace(window.bytes, window.from, at) !== at) return false;
      frame.expects = 'member';
      window.from = at + 1;
    } else {
      this.#commas[0] = window.start + at;
    }
    return true;
  }

  #close(window: Window, at: number): Built {
    if (this.#opens.length > 0) {
      this.#opens.pop();
      this.#commas.pop();
      // The document, small enough to be whole.
      if (this.#opens.length > 0 || this.#frames.length > 0) return 'more';
      this.value = this.#parse(window.bytes, window.from, at + 1, '', '');
      if (this.value === undefined) return 'refused';
    } else {
      const frame = this.#frames.at(-1);
      if (frame === undefined) return 'refused';
      if (window.bytes[at] !== (frame.isObject ? CLOSE_BRACE : CLOSE_BRACKET)) return 'refused';
      const isEmpty = skipSpace(window.bytes, window.from, at) === at;
      if (isEmpty ? frame.expects === 'member' : !this.#append(window.bytes, window.from, at)) return 'refused';
      this.#frames.pop();
    }
    this.#commas[0] = -1;
    window.from = at + 1;
    const outer = this.#frames.at(-1);
    if (outer === undefined) return 'done';
    outer.expects = 'next';
    return 'more';
  }

  /** At the end of the bytes: appends the members that are whole, and opens a frame where one is too large to wait for. */
  #pause(window: Window): Built {
    if (!this.#appendUpTo(window, this.#commas[0])) return 'refused';
    this.#commas[0] = -1;
    if (window.to - window.from > PIECE_BYTES && this.#opens.length > 0) {
      for (let level = 0; level < this.#opens.length; level++) {
        if (!this.#openFrame(window, this.#opens[level])) return 'refused';
        if (!this.#appendUpTo(window, this.#commas[level + 1])) return 'refused';
      }
      this.#opens = [];
      this.#commas = [-1];
    }
    this.#searched = window.to - window.from;
    return window.isLast || this.#searched > MAX_TOKEN_BYTES ? 'refused' : 'more';
  }

  /** Appends the members before a comma. */
  #appendUpTo(window: Window, comma: number): boolean {
    if (comma < 0) return true;
    const at = comma - window.start;
    if (!this.#append(window.bytes, window.from, at)) return false;
    (this.#frames.at(-1) as Frame).expects = 'member';
    window.from = at + 1;
    return true;
  }

  /** From `window.from`, the key of the member if it has one, to behind its opening bracket. */
  #openFrame(window: Window, open: number): boolean {
    const { bytes, from, start } = window;
    const at = open - start;
    const isObject = bytes[at] === OPEN_BRACE;
    const value: Frame['value'] = isObject ? {} : [];
    const frame = this.#frames.at(-1);
    const key = skipSpace(bytes, from, at);
    if (frame === undefined) {
      this.value = value;
    } else if (frame.expects === 'next') {
      return false;
    } else if (frame.isObject) {
      if (scanKey(bytes, key, at) !== at) return false;
      const text = this.#parse(bytes, key, scanString(bytes, key + 1, at), '', '');
      if (text === undefined) return false;
      setMember(frame.value, text as string, value);
    } else {
      if (key !== at) return false;
      (frame.value as unknown[]).push(value);
    }
    this.#frames.push({ isObject, value, expects: 'first' });
    window.from = at + 1;
    return true;
  }

  /** Appends members to the innermost frame. False where there is none, or one is wrong. */
  #append(bytes: Buffer, from: number, end: number): boolean {
    const { isObject, value, expects } = this.#frames.at(-1) as Frame;
    if (expects === 'next') return false;
    if (isObject) {
      const members = this.#parse(bytes, from, end, '{', '}') as Record<string, unknown> | undefined;
      const keys = members === undefined ? [] : Object.keys(members);
      for (const key of keys) setMember(value, key, (members as Record<string, unknown>)[key]);
      return keys.length > 0;
    }
    const elements = (this.#parse(bytes, from, end, '[', ']') ?? []) as unknown[];
    for (const element of elements) (value as unknown[]).push(element);
    return elements.length > 0;
  }

  /** Undefined, which no text of JSON means, where the engine refuses. */
  #parse(bytes: Buffer, from: number, end: number, open: string, close: string): unknown {
    if (!isUtf8(bytes.subarray(from, end))) return undefined;
    try {
      return JSON.parse(open + bytes.toString('utf8', from, end) + close);
    } catch (cause) {
      this.cause = cause;
      return undefined;
    }
  }
}

function isOpening(byte: number): boolean {
  return byte === OPEN_BRACE || byte === OPEN_BRACKET;
}

/** As `JSON.parse` does: `__proto__` is a key like any other. */
function setMember(object: unknown, key: string, value: unknown): void {
  if (key === '__proto__') {
    const descriptor = { value, writable: true, enumerable: true, configurable: true };
    Object.defineProperty(object, key, descriptor);
  } else {
    (object as Record<string, unknown>)[key] = value;
  }
}

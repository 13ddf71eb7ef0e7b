import { isUtf8 } from 'node:buffer';
import type { ReadPointer } from '../document/pointer.ts';
import type { FaultReason } from '../fault.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  FALSE,
  faultOffset,
  faultReason,
  isDigit,
  MINUS,
  NULL,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  scanNumber,
  scanString,
  scanWord,
  skipSpace,
  TRUE,
} from '../scan-tokens.ts';
import { scanValue } from '../scan-value.ts';
import { malformedSequence, sequenceLength } from '../utf8.ts';
import { Nesting } from './nesting.ts';
import { PathTracker } from './path-tracker.ts';
import { nextPartDigit, numberBreak, numberPart, skipDigits, stringBreak } from './suspend.ts';
import type { NumberPart } from './suspend.ts';

/** Why a scan stopped. */
export type ScanStop =
  /** It needs more bytes than it was given. */
  | 'more'
  /** At the value that the pointer leads to. */
  | 'arrived'
  /** At what shows that the pointer leads nowhere: a value it cannot go on through, or the end of a container. */
  | 'missing'
  /** At a key that the path went through before. */
  | 'repeated'
  /** The document is over. */
  | 'done'
  /** At the first byte that makes the document invalid. */
  | 'fault';

/** What comes next in the document. */
export type Expected =
  | 'value'
  /** After "[". */
  | 'first-value'
  | 'key'
  /** After "{". */
  | 'first-key'
  | 'colon'
  /** After a value: a comma or a closing bracket, or the end. */
  | 'next'
  /** The rest of a string or key that was left. */
  | 'string'
  | 'key-string'
  /** The rest of the digits of a number that was left. */
  | NumberPart
  /** Nothing: a fault was found. */
  | 'nothing';

/** A number of up to this length is read again when more bytes have come; a longer one is left where it is. */
const KEPT_BYTES = 1024;

/**
 * Values that end among the bytes at hand are scanned in one go, which is several times as quick. One that does not is
 * scanned in vain at each of its open brackets: only so deep, for a document of nothing but brackets would be scanned
 * from each of them.
 */
const BULK_DEPTH = 32;

/** The longest UTF-8 sequence: so many bytes tell whether a fault is one of UTF-8. */
const SEQUENCE_BYTES = 4;

/**
 * Checks a document that comes in pieces: the verdict, reason and offset of `findFault` for the whole of it, in constant memory
 * but for the open brackets, a bit each.
 *
 * It reads tokens with the scanners of `scan-tokens.ts` and keeps between the pieces only what comes next. On the way it
 * may follow a JSON Pointer and stop where that leads.
 */
export class DocumentScanner {
  /** Offset in the document of what is scanned next; of the fault, once there is one. */
  position = 0;
  stop: ScanStop = 'more';
  reason: FaultReason = 'end';
  readonly #nesting = new Nesting();
  readonly #path: PathTracker | undefined;
  readonly #maxDepth: number;
  #expected: Expected = 'value';
  /** The path has been followed to its end. */
  #isFound = false;

  constructor(maxDepth: number, pointer?: ReadPointer) {
    this.#maxDepth = maxDepth;
    this.#path = pointer === undefined ? undefined : new PathTracker(pointer);
  }

  get depth(): number {
    return this.#nesting.depth;
  }

  /** Whether the value of the document is behind, and white space is all that may follow. */
  get isBehindDocument(): boolean {
    return this.#expected === 'next' && this.#nesting.depth === 0;
  }

  /** A scanner for what follows inside these brackets (whether each is an object's, from the outside in). */
  static within(brackets: Iterable<boolean>, expected: Expected, position: number, maxDepth: number): DocumentScanner {
    const scanner = new DocumentScanner(maxDepth);
    for (const isObject of brackets) scanner.#nesting.push(isObject);
    scanner.#expected = expected;
    scanner.position = position;
    return scanner;
  }

  /** Takes the opening bracket of the array that was arrived at, for a caller who reads its elements. False where it is too deep. */
  enter(): boolean {
    this.#open(false);
    if (this.#expected === 'nothing') return false;
    this.#isFound = true;
    this.position++;
    return true;
  }

  /** Goes on at a position inside that array. */
  resume(position: number, expected: 'value' | 'first-value' | 'next'): void {
    this.position = position;
    this.#expected = expected;
  }

  /**
   * Scans `bytes[from, to)`, which start at `position`. Returns the place up to which they are used, and says in `stop` what
   * for. With `isLast` nothing follows them.
   */
  scan(bytes: Buffer, from: number, to: number, isLast: boolean): number {
    this.stop = 'more';
    let at = this.#run(bytes, from, to, isLast);
    // The grammar looks at ASCII only. Places at which it stops are never inside a character.
    const used = bytes.subarray(from, at);
    if (!isUtf8(used)) {
      at = from + malformedSequence(used, 0);
      // Cut off by a fault of the grammar in the middle of it, or wrong: the same.
      this.#expected = 'nothing';
      this.stop = 'fault';
      this.reason = 'utf8';
    }
    this.position += at - from;
    return at;
  }

  #run(bytes: Buffer, from: number, to: number, isLast: boolean): number {
    let at = from;
    for (;;) {
      let after: number;
      switch (this.#expected) {
        case 'first-value':
          at = skipSpace(bytes, at, to);
          if (at < to && bytes[at] === CLOSE_BRACKET) {
            after = this.#close(at);
            break;
          }
          if (at === to && !isLast) return at;
          if (this.#isOnPath()) this.#path?.element();
          this.#expected = 'value';
          continue;
        case 'value':
          at = skipSpace(bytes, at, to);
          if (at < to && this.#mustStopAt(bytes[at])) return at;
          after = this.#value(bytes, at, to, isLast);
          break;
        case 'first-key':
          at = skipSpace(bytes, at, to);
          if (at < to && bytes[at] === CLOSE_BRACE) {
            after = this.#close(at);
            break;
          }
          if (at === to && !isLast) return at;
          this.#expected = 'key';
          continue;
        case 'key':
          at = skipSpace(bytes, at, to);
          after = this.#key(bytes, at, to, isLast);
          break;
        case 'colon':
          at = skipSpace(bytes, at, to);
          after = at < to && bytes[at] === COLON ? at + 1 : this.#expect(at, to, isLast, 'colon');
          if (after > at) this.#expected = 'value';
          break;
        case 'next':
          at = skipSpace(bytes, at, to);
          if (at === to && isLast && this.#nesting.depth === 0) {
            this.stop = 'done';
            return at;
          }
          after = this.#next(bytes, at, to, isLast);
          break;
        case 'string':
        case 'key-string':
          after = this.#string(bytes, at, to, isLast, this.#expected);
          break;
        case 'integer':
        case 'fraction':
        case 'exponent':
          after = this.#digits(bytes, at, to, isLast, this.#expected);
          break;
        default:
          return this.#fault(bytes, at, to, isLast, this.position === 0 && at === from);
      }
      // A token that goes on behind the bytes, at the place from which it is scanned again.
      if (after < 0) return -1 - after;
      at = after;
      if (this.stop !== 'more') return at;
    }
  }

  #isOnPath(): boolean {
    const path = this.#path;
    return path !== undefined && path.level > 0 && path.level === this.#nesting.depth;
  }

  /** Whether the path ends at this value, or goes on where it cannot. */
  #mustStopAt(byte: number): boolean {
    const path = this.#path;
    if (path === undefined || this.#isFound || !path.isNext) return false;
    const isBracket = byte === OPEN_BRACE || byte === OPEN_BRACKET;
    if (path.hasArrived && (isBracket || startsScalar(byte))) this.stop = 'arrived';
    else if (startsScalar(byte)) this.stop = 'missing';
    else return false;
    return true;
  }

  #value(bytes: Buffer, at: number, to: number, isLast: boolean): number {
    if (at === to) return this.#expect(at, to, isLast, 'value');
    const byte = bytes[at];
    if (byte === QUOTE) return this.#string(bytes, at + 1, to, isLast, 'string');
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      const isNext = this.#path?.isNext === true && !this.#isFound;
      if (!isNext && this.#nesting.depth < BULK_DEPTH) {
        const end = scanValue(bytes, at, to, this.#maxDepth - this.#nesting.depth);
        if (end >= 0) {
          this.#expected = 'next';
          return end;
        }
        if (faultOffset(end) < to) return this.#refuse(faultOffset(end), faultReason(end));
      }
      this.#open(byte === OPEN_BRACE);
      if (this.#expected === 'nothing') return at;
      if (isNext) this.#path?.enter();
      return at + 1;
    }
    let after: number;
    if (isDigit(byte) || byte === MINUS) after = scanNumber(bytes, at, to);
    else if (byte === TRUE[0]) after = scanWord(bytes, at, to, TRUE);
    else if (byte === FALSE[0]) after = scanWord(bytes, at, to, FALSE);
    else if (byte === NULL[0]) after = scanWord(bytes, at, to, NULL);
    else return this.#refuse(at, 'value');
    const isNumber = byte !== TRUE[0] && byte !== FALSE[0] && byte !== NULL[0];
    const isCut = after < 0 ? faultOffset(after) === to : after === to && isNumber;
    if (isCut && !isLast) return isNumber ? this.#leaveNumber(bytes, at, to) : more(at);
    if (after < 0) return this.#refuse(faultOffset(after), faultReason(after));
    this.#expected = 'next';
    return after;
  }

  /** A number that may go on: short ones are read again. */
  #leaveNumber(bytes: Buffer, from: number, to: number): number {
    if (to - from <= KEPT_BYTES) return more(from);
    const at = numberBreak(bytes, from, to);
    this.#expected = numberPart(bytes, from, at);
    return more(at);
  }

  #digits(bytes: Buffer, from: number, to: number, isLast: boolean, part: NumberPart): number {
    const at = skipDigits(bytes, from, to);
    if (at === to && !isLast) return more(at);
    const digit = nextPartDigit(bytes, at, to, part);
    if (digit < 0) {
      this.#expected = 'next';
      return at;
    }
    if (digit >= to && !isLast) return more(at);
    if (digit >= to) return this.#refuse(to, 'end');
    if (!isDigit(bytes[digit])) return this.#refuse(digit, 'number');
    this.#expected = numberPart(bytes, at, digit);
    return digit;
  }

  /** A string or key, from behind its quote or from where it was left. */
  #string(bytes: Buffer, from: number, to: number, isLast: boolean, kind: 'string' | 'key-string'): number {
    const after = scanString(bytes, from, to);
    if (after >= 0) {
      this.#expected = kind === 'string' ? 'next' : 'colon';
      return after;
    }
    const offset = faultOffset(after);
    if (offset < to || isLast) return this.#refuse(offset, faultReason(after));
    this.#expected = kind;
    return more(stringBreak(bytes, from, to));
  }

  #key(bytes: Buffer, at: number, to: number, isLast: boolean): number {
    if (at === to || bytes[at] !== QUOTE) return this.#expect(at, to, isLast, 'key');
    if (!this.#isOnPath()) return this.#string(bytes, at + 1, to, isLast, 'key-string');
    const path = this.#path as PathTracker;
    const after = scanString(bytes, at + 1, to);
    if (after < 0) {
      // One that may be on the path is kept until it is whole.
      if (faultOffset(after) === to && !isLast && !path.isTooLong(to - at - 1)) return more(at);
      path.isNext = false;
      return this.#string(bytes, at + 1, to, isLast, 'key-string');
    }
    // Only a key in UTF-8 has a text to compare; the scan ends at any other.
    path.isNext = false;
    if (isUtf8(bytes.subarray(at, after))) path.key(bytes, at + 1, after - 1);
    if (path.isNext && this.#isFound) {
      this.stop = 'repeated';
      return at;
    }
    this.#expected = 'colon';
    return after;
  }

  #next(bytes: Buffer, at: number, to: number, isLast: boolean): number {
    const nesting = this.#nesting;
    if (nesting.depth === 0) return at === to ? more(at) : this.#refuse(at, 'trailing');
    if (at < to) {
      const byte = bytes[at];
      if (byte === COMMA) {
        if (nesting.inObject) {
          this.#expected = 'key';
        } else {
          this.#expected = 'value';
          if (this.#isOnPath()) {
            const path = this.#path as PathTracker;
            path.element();
            if (this.#isFound) path.isNext = false;
          }
        }
        return at + 1;
      }
      if (byte === (nesting.inObject ? CLOSE_BRACE : CLOSE_BRACKET)) return this.#close(at);
    }
    return this.#expect(at, to, isLast, 'separator');
  }

  #open(isObject: boolean): void {
    if (this.#nesting.depth === this.#maxDepth) {
      this.#refuse(0, 'depth');
      return;
    }
    this.#nesting.push(isObject);
    this.#expected = isObject ? 'first-key' : 'first-value';
  }

  #close(at: number): number {
    if (this.#isOnPath()) {
      const path = this.#path as PathTracker;
      if (!this.#isFound) {
        this.stop = 'missing';
        return at;
      }
      path.leave();
    }
    this.#nesting.pop();
    this.#expected = 'next';
    return at + 1;
  }

  /** Something else stands there, or nothing yet. */
  #expect(at: number, to: number, isLast: boolean, reason: FaultReason): number {
    if (at < to) return this.#refuse(at, reason);
    return isLast ? this.#refuse(at, 'end') : more(at);
  }

  #refuse(at: number, reason: FaultReason): number {
    this.#expected = 'nothing';
    this.reason = reason;
    return at;
  }

  /** At a fault of the grammar: it is one of UTF-8 where the character that it meets is malformed. */
  #fault(bytes: Buffer, at: number, to: number, isLast: boolean, isStart: boolean): number {
    if (to - at < SEQUENCE_BYTES && !isLast) return at;
    this.stop = 'fault';
    if (at === to) {
      this.reason = 'end';
    } else if (sequenceLength(bytes.subarray(0, to), at) === 0) {
      this.reason = 'utf8';
    } else if (isStart && this.reason === 'value' && isByteOrderMark(bytes, at)) {
      this.reason = 'byte-order-mark';
    }
    return at;
  }
}

/** Instead of the place behind a token: the place up to which all is used until more bytes are there. */
function more(at: number): number {
  return -1 - at;
}

function startsScalar(byte: number): boolean {
  return isDigit(byte) || byte === MINUS || byte === QUOTE || byte === TRUE[0] || byte === FALSE[0] || byte === NULL[0];
}

function isByteOrderMark(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
}

import { isAscii } from 'node:buffer';
import { JsonError } from './errors.ts';
import type { JsonErrorCode, JsonPosition } from './errors.ts';
import { excerptOf, shownText } from './excerpt.ts';
import type { Fault, FaultReason, PolicyFault, PolicyReason } from './fault.ts';
import { MAX_INTEGER_DIGITS } from './parse/unsafe-integers.ts';
import { scanString } from './scan-tokens.ts';
import { isContinuation, sequenceLength } from './utf8.ts';

/** What went wrong and what to do, around what was found. */
const WORDS: Record<
  FaultReason | PolicyReason,
  (found: string, maxDepth: number) => readonly [what: string, advice: string]
> = {
  utf8: (found) => [`malformed UTF-8 (${found})`, 'decode the source by its own encoding and encode it as UTF-8'],
  'byte-order-mark': () => ['a byte order mark before the document', 'remove the first three bytes'],
  end: () => ['the input ends before the document does', 'check that all of it was received'],
  value: (found) => [`expected a value, found ${found}`, 'JSON has no comments, trailing commas, NaN or single quotes'],
  key: (found) => [`expected a quoted key, found ${found}`, 'quote keys and leave no comma before "}"'],
  colon: (found) => [`expected ":" after a key, found ${found}`, 'every key needs a value'],
  separator: (found) => [`expected "," or the closing bracket, found ${found}`, 'check commas and brackets there'],
  trailing: (found) => [`the document is complete, but ${found} follows`, 'pass one document at a time'],
  literal: (found) => [`misspelt true, false or null: found ${found}`, 'words are lower case, strings are quoted'],
  number: (found) => [`malformed number: found ${found}`, 'digits are required there, leading zeros are not allowed'],
  escape: (found) => [`malformed escape in a string: found ${found}`, 'write a backslash as two'],
  control: (found) => [`unescaped control character in a string: ${found}`, 'escape it'],
  depth: (_, maxDepth) => [`more than ${maxDepth} brackets are open`, 'raise maxDepth if the source is trusted'],
  'duplicate-key': (found) => [
    `the key ${found} is there twice in one object`,
    'correct the source, or leave duplicateKeys at "last"',
  ],
  'proto-key': () => ['a key "__proto__"', 'pass proto: "remove" to leave such members out'],
  'long-integer': () => [
    `an integer of more than ${MAX_INTEGER_DIGITS} digits`,
    'pass numbers: "string" to have its text',
  ],
};

const CODES: Partial<Record<FaultReason | PolicyReason, JsonErrorCode>> = {
  utf8: 'ERR_PERF_JSON_UTF8',
  depth: 'ERR_PERF_JSON_DEPTH',
  'duplicate-key': 'ERR_PERF_JSON_DUPLICATE_KEY',
  'proto-key': 'ERR_PERF_JSON_PROTO_KEY',
  'long-integer': 'ERR_PERF_JSON_NUMBER',
};

/** Bytes before the fault that the message shows; the excerpt has more. */
const SHOWN_BYTES = 32;

/** Bytes that the column of a position is counted over at once. */
const COUNTED_BYTES = 65_536;

/** The place of the first byte, where `bytes` are the whole input. */
export const START: JsonPosition = { byteOffset: 0, line: 1, column: 1 };

/**
 * The error for a fault: `expected a value, found "," at line 3, column 7 (byte 41) after "[1,": …`. O(offset).
 *
 * `origin` is the place of the first of these bytes in the input that they are a part of.
 */
export function faultError(
  bytes: Buffer,
  fault: Fault | PolicyFault,
  maxDepth: number,
  cause?: unknown,
  origin: JsonPosition = START,
): JsonError {
  const { byteOffset, reason } = fault;
  const [what, advice] = WORDS[reason](describe(bytes, byteOffset, reason), maxDepth);
  const position = positionOf(bytes, byteOffset, origin);
  const where = `at ${placeOf(position)}${after(bytes, byteOffset)}`;
  const code = CODES[reason] ?? 'ERR_PERF_JSON_SYNTAX';
  const details = { ...position, excerpt: excerptOf(bytes, byteOffset) };
  return new JsonError(code, `${what} ${where}: ${advice}`, cause === undefined ? details : { ...details, cause });
}

/**
 * The same for bytes that come after `before` others which are gone: the offset counts from the first of those; lines and
 * columns, which nobody counted, are left out.
 */
export function pieceFaultError(
  bytes: Buffer,
  { byteOffset, reason }: Fault,
  before: number,
  maxDepth: number,
): JsonError {
  const [what, advice] = WORDS[reason](describe(bytes, byteOffset, reason), maxDepth);
  const offset = before + byteOffset;
  const where = `at byte ${offset}${after(bytes, byteOffset)}`;
  const details = { byteOffset: offset, excerpt: excerptOf(bytes, byteOffset) };
  return new JsonError(CODES[reason] ?? 'ERR_PERF_JSON_SYNTAX', `${what} ${where}: ${advice}`, details);
}

/** A position in words. */
export function placeOf({ byteOffset, line, column }: JsonPosition): string {
  return `line ${line}, column ${column} (byte ${byteOffset})`;
}

/** The position of a byte, given that everything before it is well-formed UTF-8, and the place of the first one. */
export function positionOf(bytes: Buffer, byteOffset: number, origin: JsonPosition = START): JsonPosition {
  // Not a byte further: the line may be all of a large input.
  const before = bytes.subarray(0, byteOffset);
  let line = 1;
  let lineStart = 0;
  for (;;) {
    const lineEnd = before.indexOf(0x0a, lineStart);
    if (lineEnd < 0) break;
    line++;
    lineStart = lineEnd + 1;
  }
  const column = 1 + countCharacters(before.subarray(lineStart));
  return {
    byteOffset: origin.byteOffset + byteOffset,
    line: origin.line + line - 1,
    column: line === 1 ? origin.column + column - 1 : column,
  };
}

function countCharacters(bytes: Buffer): number {
  let count = 0;
  for (let from = 0; from < bytes.length; from += COUNTED_BYTES) {
    const part = bytes.subarray(from, from + COUNTED_BYTES);
    count += part.length;
    if (isAscii(part)) continue;
    for (let at = 0; at < part.length; at++) if (isContinuation(part[at])) count--;
  }
  return count;
}

function describe(bytes: Buffer, at: number, reason: FaultReason | PolicyReason): string {
  if (at >= bytes.length) return 'the end';
  if (reason === 'duplicate-key') return shownKey(bytes, at);
  const hex = `byte 0x${bytes[at].toString(16).padStart(2, '0')}`;
  const length = sequenceLength(bytes, at);
  if (reason === 'utf8' || length === 0 || bytes[at] < 0x20 || bytes[at] === 0x7f) return hex;
  const character = bytes.toString('utf8', at, at + length);
  return character === '"' ? "'\"'" : `"${character}"`;
}

function after(bytes: Buffer, byteOffset: number): string {
  if (byteOffset === 0) return '';
  let from = Math.max(0, byteOffset - SHOWN_BYTES);
  while (from > 0 && isContinuation(bytes[from])) from++;
  const text = bytes.toString('utf8', from, byteOffset);
  return ` after \`${from > 0 ? '…' : ''}${shownText(text)}\``;
}

/** With its quotes. */
function shownKey(bytes: Buffer, at: number): string {
  const length = scanString(bytes, at + 1, bytes.length) - at;
  const text = shownText(bytes.toString('utf8', at, at + Math.min(length, 2 * SHOWN_BYTES)));
  return length > 2 * SHOWN_BYTES ? `${text}…` : text;
}

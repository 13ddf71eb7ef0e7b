import { JsonError } from './errors.ts';
import type { JsonErrorCode, JsonPosition } from './errors.ts';
import type { Fault, FaultReason } from './fault.ts';
import { sequenceLength } from './utf8.ts';

/** What went wrong and what to do, around what was found. */
const WORDS: Record<FaultReason, (found: string, maxDepth: number) => readonly [what: string, advice: string]> = {
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
};

const CODES: Partial<Record<FaultReason, JsonErrorCode>> = {
  utf8: 'ERR_PERF_JSON_UTF8',
  depth: 'ERR_PERF_JSON_DEPTH',
};

/** What would break the line or the terminal. */
// oxlint-disable-next-line no-control-regex -- control characters are the subject
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;

/** Bytes before the fault that the message shows. */
const EXCERPT_BYTES = 32;

/** The error for a fault: `expected a value, found "," at line 3, column 7 (byte 41) after "[1,": …`. O(offset). */
export function faultError(bytes: Buffer, fault: Fault, maxDepth: number, cause?: unknown): JsonError {
  const { byteOffset, reason } = fault;
  const [what, advice] = WORDS[reason](describeByte(bytes, byteOffset, reason), maxDepth);
  const position = positionOf(bytes, byteOffset);
  const where = `at line ${position.line}, column ${position.column} (byte ${byteOffset})${after(bytes, byteOffset)}`;
  const code = CODES[reason] ?? 'ERR_PERF_JSON_SYNTAX';
  const details = cause === undefined ? position : { ...position, cause };
  return new JsonError(code, `${what} ${where}: ${advice}`, details);
}

/** Line and column of a byte, given that everything before it is well-formed UTF-8. */
export function positionOf(bytes: Buffer, byteOffset: number): JsonPosition {
  let line = 1;
  let lineStart = 0;
  for (;;) {
    const lineEnd = bytes.indexOf(0x0a, lineStart);
    if (lineEnd < 0 || lineEnd >= byteOffset) break;
    line++;
    lineStart = lineEnd + 1;
  }
  let column = 1;
  for (let at = lineStart; at < byteOffset; at++) {
    if ((bytes[at] & 0xc0) !== 0x80) column++;
  }
  return { byteOffset, line, column };
}

function describeByte(bytes: Buffer, at: number, reason: FaultReason): string {
  if (at >= bytes.length) return 'the end';
  const hex = `byte 0x${bytes[at].toString(16).padStart(2, '0')}`;
  const length = sequenceLength(bytes, at);
  if (reason === 'utf8' || length === 0 || bytes[at] < 0x20 || bytes[at] === 0x7f) return hex;
  const character = bytes.toString('utf8', at, at + length);
  return character === '"' ? "'\"'" : `"${character}"`;
}

function after(bytes: Buffer, byteOffset: number): string {
  if (byteOffset === 0) return '';
  let from = Math.max(0, byteOffset - EXCERPT_BYTES);
  while (from > 0 && (bytes[from] & 0xc0) === 0x80) from++;
  const text = bytes.toString('utf8', from, byteOffset);
  return ` after \`${from > 0 ? '…' : ''}${text.replaceAll(CONTROL, escapeControl)}\``;
}

function escapeControl(character: string): string {
  if (character === '\n') return '\\n';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

import { backend } from '../backend.ts';
import { changedError } from '../errors.ts';
import { bytesOf } from '../input.ts';
import { sizeFault } from '../limits.ts';
import { faultError } from '../report.ts';
import { decodeStrictly, isShortAscii } from './decode.ts';
import { giveBack } from './indexed-document.ts';
import { DEFAULTS, isPlain } from './options.ts';
import type { ParseSettings } from './options.ts';
import { canBeTooDeep, prepare } from './prepare.ts';
import { restoreIntegers } from './restore-integers.ts';
import { sourceOf } from './source.ts';
import type { Source } from './source.ts';

/** `parse` with its options read. */
export function parseInput(input: string | Uint8Array, settings: ParseSettings, caller: string): unknown {
  return isPlain(settings) ? parsePlain(input, settings, caller) : parsePrepared(input, settings, caller);
}

/** What most calls are: nothing but the decoding stands between the input and the engine. */
function parsePlain(input: string | Uint8Array, settings: ParseSettings, caller: string): unknown {
  const text =
    typeof input === 'string' ? checkedText(input, settings) : checkedDecode(bytesOf(input, caller), settings);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw refusal(bytesOf(input, caller), settings, cause);
  }
}

function checkedText(text: string, settings: ParseSettings): string {
  const tooLong = sizeFault(text, settings);
  if (tooLong !== undefined) throw tooLong;
  if (canBeTooDeep(text.length, settings.maxDepth)) throwFault(Buffer.from(text, 'utf8'), settings);
  return text;
}

function checkedDecode(bytes: Buffer, settings: ParseSettings): string {
  // First, since for a message of a few bytes the other checks would cost as much as the decoding.
  if (settings === DEFAULTS && isShortAscii(bytes)) return bytes.toString();
  if (bytes.length > settings.maxBytes) throw sizeFault(bytes, settings);
  if (canBeTooDeep(bytes.length, settings.maxDepth)) throwFault(bytes, settings);
  const text = decodeStrictly(bytes);
  if (text === undefined) throw refusal(bytes, settings);
  return text;
}

function throwFault(bytes: Buffer, { maxDepth }: ParseSettings): void {
  const fault = backend().findFault(bytes, maxDepth);
  if (fault !== undefined) throw faultError(bytes, fault, maxDepth);
}

/**
 * The error for a document that could not be decoded, or that the engine refused: `cause`. Where nothing is wrong with the
 * document, the engine ran out of something, and its own error says it best.
 */
function refusal(bytes: Buffer, { maxDepth }: ParseSettings, cause?: unknown): unknown {
  const fault = backend().findFault(bytes, maxDepth);
  return fault === undefined ? (cause ?? changedError()) : faultError(bytes, fault, maxDepth, cause);
}

function parsePrepared(input: string | Uint8Array, settings: ParseSettings, caller: string): unknown {
  const source = sourceOf(input, settings, caller);
  const { bytes, text = decodeStrictly(bytes), index, integers } = prepare(source, settings, backend());
  const root: unknown[] = [];
  if (text === undefined) throw preparedRefusal(source, settings);
  try {
    root.push(JSON.parse(text));
  } catch (cause) {
    throw preparedRefusal(source, settings, cause);
  }
  if (index !== undefined) {
    restoreIntegers(index, integers, root, 0, index.count);
    giveBack(index);
  }
  return root[0];
}

function preparedRefusal(source: Source, { maxDepth }: ParseSettings, cause?: unknown): unknown {
  const fault = backend().findFault(source.bytes, maxDepth);
  return fault === undefined ? (cause ?? changedError()) : source.error(fault, cause);
}

import { isUtf8 } from 'node:buffer';
import { backend } from '../backend.ts';
import { bytesOf } from '../input.ts';
import { sizeFault } from '../limits.ts';
import { faultError } from '../report.ts';
import { decode } from './decode.ts';
import { giveBack } from './indexed-document.ts';
import { isPlain } from './options.ts';
import type { ParseSettings } from './options.ts';
import { canBeTooDeep, prepare } from './prepare.ts';
import { restoreIntegers } from './restore-integers.ts';
import { sourceOf } from './source.ts';

/** `parse` with its options read. */
export function parseInput(input: string | Uint8Array, settings: ParseSettings, caller: string): unknown {
  return isPlain(settings) ? parsePlain(input, settings, caller) : parsePrepared(input, settings, caller);
}

/** What most calls are: nothing but the decoding stands between the input and the engine. */
function parsePlain(input: string | Uint8Array, settings: ParseSettings, caller: string): unknown {
  const text =
    typeof input === 'string' ? checkedText(input, settings) : checkedDecode(bytesOf(input, caller), settings);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const bytes = bytesOf(input, caller);
    const fault = backend().findFault(bytes, settings.maxDepth);
    // Nothing wrong with the document: the engine ran out of something, and its own error says it best.
    throw fault === undefined ? cause : faultError(bytes, fault, settings.maxDepth, cause);
  }
}

function checkedText(text: string, settings: ParseSettings): string {
  const fault = sizeFault(text, settings);
  if (fault !== undefined) throw fault;
  if (canBeTooDeep(text.length, settings.maxDepth)) throwFault(Buffer.from(text, 'utf8'), settings);
  return text;
}

function checkedDecode(bytes: Buffer, settings: ParseSettings): string {
  const fault = sizeFault(bytes, settings);
  if (fault !== undefined) throw fault;
  if (canBeTooDeep(bytes.length, settings.maxDepth) || !isUtf8(bytes)) throwFault(bytes, settings);
  return decode(bytes);
}

function throwFault(bytes: Buffer, { maxDepth }: ParseSettings): void {
  const fault = backend().findFault(bytes, maxDepth);
  if (fault !== undefined) throw faultError(bytes, fault, maxDepth);
}

function parsePrepared(input: string | Uint8Array, settings: ParseSettings, caller: string): unknown {
  const source = sourceOf(input, settings, caller);
  const { bytes, text, index, integers } = prepare(source, settings, backend());
  const root: unknown[] = [];
  try {
    root.push(JSON.parse(text ?? decode(bytes)));
  } catch (cause) {
    const fault = backend().findFault(source.bytes, settings.maxDepth);
    throw fault === undefined ? cause : source.error(fault, cause);
  }
  if (index !== undefined) {
    restoreIntegers(index, integers, root, 0, index.count);
    giveBack(index);
  }
  return root[0];
}

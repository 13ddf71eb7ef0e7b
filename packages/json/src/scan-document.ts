import { isUtf8 } from 'node:buffer';
import type { Fault } from './fault.ts';
import { faultAt, faultOffset, faultReason, skipSpace } from './scan-tokens.ts';
import { scanValue } from './scan-value.ts';
import { malformedSequence } from './utf8.ts';

/**
 * The first byte that makes `bytes` no JSON document, or undefined: what `@perf/native` computes, in JavaScript.
 *
 * The grammar looks at ASCII only, so the UTF-8 is checked on its own, up to the grammar's fault: behind it nothing
 * matters.
 */
export function findFault(bytes: Uint8Array, maxDepth: number): Fault | undefined {
  const grammar = scanDocument(bytes, maxDepth);
  if (grammar >= 0) return isUtf8(bytes) ? undefined : { byteOffset: malformedSequence(bytes, 0), reason: 'utf8' };
  const byteOffset = faultOffset(grammar);
  const before = bytes.subarray(0, byteOffset);
  if (!isUtf8(before)) return { byteOffset: malformedSequence(before, 0), reason: 'utf8' };
  const isMalformed = malformedSequence(bytes.subarray(byteOffset, byteOffset + 4), 0) === 0;
  return { byteOffset, reason: isMalformed ? 'utf8' : faultReason(grammar) };
}

/** Whether `bytes` are a JSON document. */
export function isDocument(bytes: Uint8Array): boolean {
  return scanDocument(bytes, Number.POSITIVE_INFINITY) >= 0 && isUtf8(bytes);
}

/** The length, or a negative fault of the grammar. */
function scanDocument(bytes: Uint8Array, maxDepth: number): number {
  const length = bytes.length;
  const after = scanValue(bytes, skipSpace(bytes, 0, length), length, maxDepth);
  if (after < 0) return after;
  const at = skipSpace(bytes, after, length);
  return at === length ? at : faultAt(at, length, 'trailing');
}

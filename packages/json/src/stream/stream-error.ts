import { JsonError } from '../errors.ts';
import { pieceFaultError } from '../report.ts';
import type { DocumentScanner } from './document-scanner.ts';
import type { Window } from './window.ts';

/** The error for the fault that a scanner has stopped at, `window.from`. */
export function scanError(scanner: DocumentScanner, window: Window, maxDepth: number): JsonError {
  const bytes = window.bytes.subarray(0, window.to);
  return pieceFaultError(bytes, { byteOffset: window.from, reason: scanner.reason }, window.start, maxDepth);
}

/** `ERR_PERF_JSON_SIZE` for a piece of the document that may not, or cannot, be held in memory. */
export function sizeError(what: string, byteOffset: number, advice: string, cause?: unknown): JsonError {
  const message = `${what} at byte ${byteOffset}: ${advice}`;
  return new JsonError('ERR_PERF_JSON_SIZE', message, cause === undefined ? { byteOffset } : { byteOffset, cause });
}

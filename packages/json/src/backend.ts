import { buildIndex } from './document/build-index.ts';
import type { IndexBuilder } from './document/build-index.ts';
import { JsonError } from './errors.ts';
import type { Fault } from './fault.ts';
import { findFault, isDocument } from './scan-document.ts';

/** What validates: `native` with `@perf/native` installed and loadable, else `javascript`. */
export type JsonBackend = 'native' | 'javascript';

export interface Validator {
  readonly backend: JsonBackend;
  isDocument(bytes: Uint8Array): boolean;
  findFault(bytes: Uint8Array, maxDepth: number): Fault | undefined;
  readonly index: IndexBuilder;
  readonly find?: ValueFinder | undefined;
  readonly prepareRows?: RowsPreparer | undefined;
}

/**
 * Whether a document that is taken to be valid has a value at a JSON Pointer, given in UTF-8; `span` is then its first byte
 * and the byte after its last. Of equal keys the first counts.
 */
export type ValueFinder = (bytes: Uint8Array, pointer: Uint8Array, span: Uint32Array) => boolean;

/** An array of a column. Levels have three: prices, quantities, and where the rows start. */
export type NativeColumn = Float64Array | BigInt64Array | Uint8Array | Int32Array | Uint32Array;

/** Native decoding by one schema, see `prepareJsonRows` of `@perf/native`. */
export interface PreparedRows {
  decodeLines(bytes: Uint8Array, control: Float64Array, columns: readonly NativeColumn[]): number;
  decodeDocuments(
    bytes: Uint8Array,
    control: Float64Array,
    ends: Uint32Array,
    columns: readonly NativeColumn[],
  ): number;
  decodeLinesAsync(bytes: Uint8Array, control: Float64Array, columns: readonly NativeColumn[]): Promise<number>;
  learnTexts(dictionary: number, texts: Uint8Array, ends: Uint32Array): void;
}

export type RowsPreparer = (words: Int32Array, keys: Uint8Array) => PreparedRows;

/** The part of `@perf/native` that is used, stated here because the package may be absent. */
interface NativeModule {
  nativeStatus(): { readonly available: boolean; readonly reason?: string };
  validateJson(bytes: Uint8Array): number;
  findJsonFault(bytes: Uint8Array, maxDepth: number): Fault | undefined;
  readonly indexJson?: IndexBuilder;
  readonly findJsonValue?: ValueFinder;
  readonly prepareJsonRows?: RowsPreparer;
}

/**
 * Below these a call into native code costs more than the scan in JavaScript, which takes 1.5 to 2.5 ns a byte. The call is
 * 75 ns for a verdict and 145 ns for an index, which has three arrays to hand over (benchmarks/json/small.bench.ts).
 */
const NATIVE_MIN_BYTES = 32;
const NATIVE_MIN_INDEX_BYTES = 64;

export const javascript: Validator = { backend: 'javascript', isDocument, findFault, index: buildIndex };

let validator: Validator | undefined;

/** The validator of this process: looked for on first use, so that importing the package loads nothing. */
export function backend(): Validator {
  validator ??= findNative() ?? javascript;
  return validator;
}

/**
 * Which code validates in this process, `native` or `javascript`. The results are the same; `@perf/native`'s
 * `nativeStatus()` says why native code is not used.
 */
export function jsonBackend(): JsonBackend {
  return backend().backend;
}

function findNative(): Validator | undefined {
  let reason: string | undefined;
  try {
    // Synchronous and optional: an import would be one or the other.
    const { createRequire } = process.getBuiltinModule('node:module');
    const native = createRequire(import.meta.url)('@perf/native') as NativeModule;
    const status = native.nativeStatus();
    if (status.available) return nativeValidator(native);
    reason = status.reason;
  } catch (cause) {
    reason = `@perf/native is not installed: ${(cause as Error).message.split('\n')[0]}`;
  }
  // Asked for by name in CI, where a quiet fallback would test the wrong code.
  if (process.env.PERF_REQUIRE_NATIVE === '1' && process.env.PERF_NATIVE !== '0') {
    const advice = 'install @perf/native for this platform or unset PERF_REQUIRE_NATIVE';
    throw new JsonError('ERR_PERF_JSON_NATIVE', `native code is required and not available (${reason}): ${advice}`);
  }
  return undefined;
}

function nativeValidator(native: NativeModule): Validator {
  // It, findJsonValue and prepareJsonRows are absent in releases of @perf/native before them.
  const { indexJson = buildIndex } = native;
  return {
    backend: 'native',
    isDocument: (bytes) => (bytes.length < NATIVE_MIN_BYTES ? isDocument(bytes) : native.validateJson(bytes) === -1),
    findFault: (bytes, maxDepth) => native.findJsonFault(bytes, maxDepth),
    find: native.findJsonValue,
    prepareRows: native.prepareJsonRows,
    index: (bytes, maxDepth, offsets, ends) =>
      (bytes.length < NATIVE_MIN_INDEX_BYTES ? buildIndex : indexJson)(bytes, maxDepth, offsets, ends),
  };
}

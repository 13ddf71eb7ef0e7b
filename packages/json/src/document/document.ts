import type { JsonPointer } from './pointer.ts';

/** Kinds of JSON values. */
export type JsonType = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** A place in one document, from {@link Document.iterate}. A number, so that walking allocates nothing; means nothing elsewhere. */
export type Cursor = number & { readonly unit: 'cursor' };

/**
 * A JSON document that stays bytes: values are read out of it one by one. Made by `open`.
 *
 * Every method takes a JSON Pointer (RFC 6901) as text or compiled by `pointer()`, and optionally a cursor that it starts
 * from instead of the whole document. A value that is not there is undefined, for every method. A reader of a type throws
 * `ERR_PERF_JSON_TYPE` with the position when the value is of another.
 *
 * Finding costs O(keys of each object on the way + places before each array element); keys are compared as bytes, and
 * unescaped only where they have a backslash. Of equal keys the last counts, as in `JSON.parse`; `__proto__` is a key like
 * any other.
 *
 * All methods throw `ERR_PERF_JSON_STALE` once the document's `DocumentIndex` has been used for another document, or its
 * bytes are detached or have been resized; `ERR_PERF_JSON_POINTER` for a malformed pointer or a cursor out of range.
 */
export interface Document {
  /** The value as `JSON.parse` gives it. Containers are built by it, from their bytes. */
  get(pointer: string | JsonPointer, from?: Cursor): unknown;
  /** The values of several pointers, in their order. */
  getMany(pointers: readonly (string | JsonPointer)[], from?: Cursor): unknown[];
  has(pointer: string | JsonPointer, from?: Cursor): boolean;
  type(pointer: string | JsonPointer, from?: Cursor): JsonType | undefined;
  /** Elements of an array, or members of an object as written, equal keys included. Undefined for scalars. O(its elements). */
  length(pointer: string | JsonPointer, from?: Cursor): number | undefined;
  /** The bytes of the value, without white space around it: a view, not a copy. */
  slice(pointer: string | JsonPointer, from?: Cursor): Uint8Array | undefined;
  /** The same as `get`, of the whole document or of a cursor when nothing else is said. */
  materialize(pointer?: string | JsonPointer, from?: Cursor): unknown;
  /**
   * Cursors of an array's elements or of the values in an object, in document order, equal keys included. Nothing for a
   * scalar or a value that is not there.
   */
  iterate(pointer?: string | JsonPointer, from?: Cursor): IterableIterator<Cursor>;
  /** The same as `iterate()`. */
  [Symbol.iterator](): IterableIterator<Cursor>;
  /** The key in front of a value in an object; undefined for an array's element and the whole document. */
  key(cursor: Cursor): string | undefined;
  /** A number, rounded to a double as `JSON.parse` does. */
  number(pointer: string | JsonPointer, from?: Cursor): number | undefined;
  /**
   * A whole number of any size, exactly: a JSON number or the text of one. Throws `ERR_PERF_JSON_NUMBER` where it has a
   * fraction, or an exponent above 1000.
   */
  bigint(pointer: string | JsonPointer, from?: Cursor): bigint | undefined;
  /**
   * A decimal, from a JSON number or the text of one, as a safe integer scaled by `10^scale`: "61800.20" at scale 2 is
   * 6180020. Exact: throws `ERR_PERF_JSON_NUMBER` where it has more decimals or passes 2^53 − 1.
   */
  decimal(pointer: string | JsonPointer, scale: number, from?: Cursor): number | undefined;
  /** The same without the limit of 2^53. */
  decimalBigInt(pointer: string | JsonPointer, scale: number, from?: Cursor): bigint | undefined;
  string(pointer: string | JsonPointer, from?: Cursor): string | undefined;
  boolean(pointer: string | JsonPointer, from?: Cursor): boolean | undefined;
}

import { anyOption, booleanOption, integerOption, readOptions } from '@perf/internal';
import { backend } from '../backend.ts';
import type { Validator, ValueFinder } from '../backend.ts';
import { JsonError, optionError } from '../errors.ts';
import { bytesOf } from '../input.ts';
import { ANY_DEPTH, sizeFault } from '../limits.ts';
import { faultError } from '../report.ts';
import { fillIndex } from './fill-index.ts';
import { IndexMemory } from './index-memory.ts';
import type { DocumentIndex } from './document-index.ts';
import type { Document } from './document.ts';
import { OpenDocument } from './open-document.ts';
import type { Opener } from './open-document.ts';

/** Options of {@link open}. */
export interface OpenOptions {
  /** How many brackets may be open at once, from 0 to 2^32 − 1. Default: any depth; nothing here recurses. */
  readonly maxDepth?: number | undefined;
  /** How many bytes the document may have. Default and most: 2,147,483,647. */
  readonly maxBytes?: number | undefined;
  /**
   * You promise that the bytes are a JSON document in UTF-8 within `maxDepth`, in which no object has a key twice. The
   * first value asked for is then searched without reading what follows it; the second has the index built. Where the
   * promise does not hold, a value may be wrong or missing, or the error come later: nothing worse. Default: false.
   */
  readonly trust?: boolean | undefined;
  /** Memory for the index, used again by each document. Default: a new one. */
  readonly index?: DocumentIndex | undefined;
}

/** Offsets are read as signed numbers of 32 bits; why is told in walk.ts. */
const MAX_BYTES = 0x7fff_ffff;

const RULES = {
  maxDepth: integerOption(ANY_DEPTH, 0, ANY_DEPTH),
  maxBytes: integerOption(MAX_BYTES, 0, MAX_BYTES),
  trust: booleanOption(false),
  index: anyOption<DocumentIndex | undefined>(undefined, (value) =>
    value instanceof IndexMemory ? undefined : 'must be a DocumentIndex',
  ),
};

const DEFAULTS = readOptions('open', undefined, RULES, optionError);

let lastId = 0;

/**
 * Opens a JSON document in UTF-8 for reading single values out of it, without building the others.
 *
 * The document is validated and indexed in one pass (in Rust with `@perf/native`): 8 bytes for each value and key. The
 * bytes are not copied, and stay in use as long as the document is: changing them meanwhile gives wrong answers.
 *
 * For many values of one document; `parse` is the better choice when most of it is wanted, or it is smaller than about
 * a kilobyte.
 *
 * Throws what `parse` throws: `ERR_PERF_JSON_SYNTAX`, `_UTF8`, `_DEPTH`, `_SIZE`, `_INPUT` or `_OPTION`.
 *
 * ```js
 * import { open, pointer } from '@perf/json';
 *
 * const document = open(Buffer.from('{"bids":[["61800.20","0.5"],["61799.90","1.2"]]}'));
 * document.get('/bids/0/0'); // '61800.20'
 * const price = pointer('/0');
 * for (const level of document.iterate('/bids')) document.decimal(price, 2, level); // 6180020, then 6179990
 * ```
 */
export function open(bytes: Uint8Array, options?: OpenOptions): Document {
  return openWith(backend(), bytes, options);
}

/** {@link open} by a certain backend. */
export function openWith(validator: Validator, bytes: Uint8Array, options?: OpenOptions): Document {
  const { maxDepth, maxBytes, trust, index: given } = readOpenOptions(options);
  if (typeof bytes === 'string') {
    const advice = 'encode it with Buffer.from(text), or use parse';
    throw new JsonError('ERR_PERF_JSON_INPUT', `open: expected a Uint8Array, got a string: ${advice}`);
  }
  const document = bytesOf(bytes, 'open');
  const tooLong = sizeFault(document, { maxDepth, maxBytes });
  if (tooLong !== undefined) throw tooLong;
  const opener: Opener = maxDepth === ANY_DEPTH ? openerOf(validator) : new IndexOpener(validator, maxDepth);
  const index = given === undefined ? new IndexMemory() : (given as IndexMemory);
  const id = ++lastId;
  index.owner = id;
  index.bytes = document;
  index.count = 0;
  if (!trust) opener.fill(index);
  return new OpenDocument(index, id, opener);
}

function readOpenOptions(options: OpenOptions | undefined): typeof DEFAULTS {
  if (options === undefined) return DEFAULTS;
  // What is passed once per message of a feed must not be checked key by key.
  const { index } = options;
  if (index instanceof IndexMemory && Object.keys(options).length === 1) return { ...DEFAULTS, index };
  return readOptions('open', options, RULES, optionError);
}

let unlimited: IndexOpener | undefined;

function openerOf(validator: Validator): IndexOpener {
  if (unlimited?.validator !== validator) unlimited = new IndexOpener(validator, ANY_DEPTH);
  return unlimited;
}

class IndexOpener implements Opener {
  readonly validator: Validator;
  readonly find: ValueFinder | undefined;
  readonly #maxDepth: number;

  constructor(validator: Validator, maxDepth: number) {
    this.validator = validator;
    this.find = validator.find;
    this.#maxDepth = maxDepth;
  }

  fill(index: IndexMemory): void {
    if (!fillIndex(index, this.validator.index, this.#maxDepth)) this.refuse(index.bytes, undefined);
  }

  refuse(bytes: Buffer, cause: unknown): never {
    const fault = this.validator.findFault(bytes, this.#maxDepth);
    if (fault !== undefined) throw faultError(bytes, fault, this.#maxDepth, cause);
    throw cause ?? new JsonError('ERR_PERF_JSON_INPUT', 'open: the bytes changed while they were read; open a copy');
  }
}

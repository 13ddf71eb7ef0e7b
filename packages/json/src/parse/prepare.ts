import type { Validator } from '../backend.ts';
import { changedError, JsonError } from '../errors.ts';
import type { PolicyFault } from '../fault.ts';
import type { IndexMemory } from '../document/index-memory.ts';
import { MINUS } from '../scan-tokens.ts';
import { giveBack, indexDocument } from './indexed-document.ts';
import { canHaveProto, judgeMembers, offsetBeforeCuts, withoutCuts } from './members.ts';
import type { Cut } from './members.ts';
import type { ParseSettings } from './options.ts';
import { quoteNumbers } from './quote-numbers.ts';
import type { Source } from './source.ts';
import { canHaveUnsafeInteger, MAX_INTEGER_DIGITS, unsafeIntegers } from './unsafe-integers.ts';

/** A document of which the engine makes the value that is asked for, but for integers that no double holds. */
export interface Prepared {
  readonly bytes: Buffer;
  /** The same as text, where there is one already. */
  readonly text: string | undefined;
  /** There, if there are integers to be put in. */
  readonly index: IndexMemory | undefined;
  /** Entries of integers beyond ±(2^53 − 1), in order. */
  readonly integers: ArrayLike<number>;
}

/** Offsets of an index are read as signed numbers of 32 bits. */
const MAX_INDEXED_BYTES = 0x7fff_ffff;

/**
 * Does to the bytes of a document what the settings ask for, and no more: an index is built only where one of them needs it
 * for this document. Throws what is wrong with it; a document that was not indexed may yet be refused by the decoder or the engine.
 */
export function prepare(source: Source, settings: ParseSettings, validator: Validator): Prepared {
  const document = new Preparation(source, settings, validator);
  if (settings.duplicateKeys !== 'last' || (settings.proto !== 'keep' && canHaveProto(source.bytes))) {
    document.dropMembers();
  }
  if (settings.numbers === 'string') document.quoteNumbers();
  if (settings.numbers === 'bigint-if-unsafe') document.findIntegers();
  document.checkDepth();
  return document;
}

/** The same with an index in any case. */
export function prepareIndexed(
  source: Source,
  settings: ParseSettings,
  validator: Validator,
): Prepared & { readonly index: IndexMemory } {
  const { bytes, text, integers, index } = prepare(source, settings, validator);
  return { bytes, text, integers, index: index ?? indexOf(source, bytes, settings, validator) };
}

class Preparation implements Prepared {
  readonly #source: Source;
  readonly #settings: ParseSettings;
  readonly #validator: Validator;
  #cuts: readonly Cut[] = [];
  bytes: Buffer;
  text: string | undefined;
  index: IndexMemory | undefined;
  integers: ArrayLike<number> = [];

  constructor(source: Source, settings: ParseSettings, validator: Validator) {
    this.#source = source;
    this.#settings = settings;
    this.#validator = validator;
    this.bytes = source.bytes;
    this.text = source.text;
  }

  dropMembers(): void {
    const judgement = judgeMembers(this.#indexed(), this.#settings);
    if ('reason' in judgement) throw this.#source.error(judgement);
    if (judgement.length === 0) return;
    this.#cuts = judgement;
    this.#replace(withoutCuts(this.bytes, judgement));
  }

  quoteNumbers(): void {
    this.#replace(quoteNumbers(this.#indexed()));
  }

  findIntegers(): void {
    if (!canHaveUnsafeInteger(this.bytes)) return;
    const index = this.#indexed();
    const integers = unsafeIntegers(index);
    this.integers = integers;
    for (const entry of integers) {
      const byteOffset = index.offsets[entry];
      const sign = this.bytes[byteOffset] === MINUS ? 1 : 0;
      const digits = index.ends[entry] - byteOffset - sign;
      if (digits > MAX_INTEGER_DIGITS) this.#refuse({ byteOffset, reason: 'long-integer' });
    }
  }

  /** An index would have found what is too deep, and has no place for what is not UTF-8; the decoding finds that. */
  checkDepth(): void {
    if (this.bytes !== this.#source.bytes || this.index !== undefined) return;
    const { maxDepth } = this.#settings;
    if (!canBeTooDeep(this.bytes.length, maxDepth)) return;
    const fault = this.#validator.findFault(this.bytes, maxDepth);
    if (fault !== undefined) throw this.#source.error(fault);
  }

  #indexed(): IndexMemory {
    this.index ??= indexOf(this.#source, this.bytes, this.#settings, this.#validator);
    return this.index;
  }

  #replace(bytes: Buffer): void {
    giveBack(this.index);
    this.index = undefined;
    this.bytes = bytes;
    this.text = undefined;
  }

  #refuse({ byteOffset, reason }: PolicyFault): never {
    throw this.#source.error({ byteOffset: offsetBeforeCuts(this.#cuts, byteOffset), reason });
  }
}

/**
 * Whether the engine could accept a document of this length that is deeper than allowed. Each bracket needs its partner,
 * so a shorter one that is too deep is also unfinished: the engine refuses it, and the search for the fault then meets
 * the depth first.
 */
export function canBeTooDeep(length: number, maxDepth: number): boolean {
  return length > 2 * maxDepth;
}

function indexOf(source: Source, bytes: Buffer, { maxDepth }: ParseSettings, validator: Validator): IndexMemory {
  if (bytes.length > MAX_INDEXED_BYTES) {
    const advice = `these options take documents of at most ${MAX_INDEXED_BYTES}`;
    throw new JsonError('ERR_PERF_JSON_SIZE', `the input has ${bytes.length} bytes: ${advice}`);
  }
  const index = indexDocument(bytes, validator.index, maxDepth);
  if (index !== undefined) return index;
  const fault = validator.findFault(bytes, maxDepth);
  if (fault !== undefined) throw source.error(fault);
  throw changedError();
}

import { JsonError } from '../errors.ts';

/** A JSON Pointer (RFC 6901) that has been read, made by {@link pointer}. */
export interface JsonPointer {
  /** What it was made from. */
  readonly text: string;
}

/** One reference token of a pointer: the key it is in an object, the place it is in an array. */
export interface Step {
  readonly key: string;
  /** The key in UTF-8. */
  readonly bytes: Uint8Array;
  /** No document can spell this key without an escape: it has a character that strings must escape, or a lone surrogate. */
  readonly isEscaped: boolean;
  /** The place in an array, or −1 where the token is none (`-`, `01`, letters). */
  readonly place: number;
}

/** Larger than any place in an array whose document has fewer than 2^32 bytes. */
const MAX_PLACE_DIGITS = 10;
const PLACE = /^(?:0|[1-9]\d*)$/;
// oxlint-disable-next-line no-control-regex -- control characters are the subject
const ESCAPED = /[\u0000-\u001f"\\\p{Surrogate}]/u;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A pointer's text, read. */
export interface ReadPointer {
  readonly steps: readonly Step[];
  /** The text in UTF-8, where that says the same: a lone surrogate has no such form. */
  readonly utf8: Uint8Array | undefined;
}

/** A pointer, read, and the value it led to last. */
export class CompiledPointer implements JsonPointer {
  readonly text: string;
  readonly read: ReadPointer;
  /** Which document the place below is of (ids are never given twice; 0 is none), and from which entry it was looked for. */
  document = 0;
  from = 0;
  entry = 0;

  constructor(text: string) {
    this.text = text;
    this.read = readPointer(text);
  }
}

/**
 * Reads a JSON Pointer once, for use with any number of documents: `pointer('/statuses/50/text')`.
 *
 * `''` is the whole document; `/a/0` the first element of `a`, or its key "0"; in a key `~1` stands for `/` and `~0` for
 * `~`. A pointer remembers the place it led to in the last document, so that `has`, `type` and `number` of one pointer
 * search once. It keeps no document alive.
 *
 * Throws `ERR_PERF_JSON_POINTER` with `pointerOffset` for other text.
 */
export function pointer(text: string): JsonPointer {
  return new CompiledPointer(text);
}

/** Texts that are kept read. A program writes a handful of pointers; one that builds them is bounded by this. */
const MAX_KNOWN = 256;
const MAX_KNOWN_LENGTH = 256;
const known = new Map<string, ReadPointer>();

/** A pointer given as text or compiled. The texts seen last are kept. */
export function readOf(given: string | JsonPointer): ReadPointer {
  if (typeof given !== 'string') return compiled(given).read;
  const seen = known.get(given);
  if (seen !== undefined) return seen;
  const read = readPointer(given);
  if (given.length <= MAX_KNOWN_LENGTH) {
    // The one that came first goes: keeping the order of use would cost every call, and texts beyond the limit are rare.
    if (known.size >= MAX_KNOWN) known.delete(known.keys().next().value as string);
    known.set(given, read);
  }
  return read;
}

/** Throws `ERR_PERF_JSON_POINTER` for what is neither text nor made by {@link pointer}. */
export function compiled(given: JsonPointer): CompiledPointer {
  if (given instanceof CompiledPointer) return given;
  const kind = given === null ? 'null' : typeof given;
  const advice = 'pass text such as "/a/0", or what pointer() returns';
  throw new JsonError('ERR_PERF_JSON_POINTER', `expected a JSON Pointer, got ${kind}: ${advice}`);
}

function readPointer(text: string): ReadPointer {
  const steps = readSteps(text);
  return { steps, utf8: LONE_SURROGATE.test(text) ? undefined : Buffer.from(text, 'utf8') };
}

function readSteps(text: string): readonly Step[] {
  if (typeof text !== 'string') compiled(text);
  if (text === '') return [];
  if (text[0] !== '/')
    throw pointerFault(text, 0, 'it must be empty or start with "/"', '"/a/0" is element 0 of key "a"');
  const wrong = text.search(/~(?![01])/);
  if (wrong >= 0)
    throw pointerFault(text, wrong, '"~" must be followed by 0 or 1', 'write "~" as "~0" and "/" as "~1"');
  return text.slice(1).split('/').map(readStep);
}

function readStep(token: string): Step {
  const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
  return {
    key,
    bytes: Buffer.from(key, 'utf8'),
    isEscaped: ESCAPED.test(key),
    place: token.length <= MAX_PLACE_DIGITS && PLACE.test(token) ? Number(token) : -1,
  };
}

function pointerFault(text: string, pointerOffset: number, what: string, advice: string): JsonError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  const message = `malformed JSON Pointer ${JSON.stringify(shown)} at character ${pointerOffset}: ${what}; ${advice}`;
  return new JsonError('ERR_PERF_JSON_POINTER', message, { pointerOffset });
}

import { unescaped } from '../decoder/key-node.ts';
import { nextEntry, valueEnd } from '../document/walk.ts';
import type { PolicyFault, PolicyReason } from '../fault.ts';
import { OPEN_BRACE } from '../scan-tokens.ts';
import type { IndexedDocument } from './indexed-document.ts';
import type { ParseSettings } from './options.ts';
import { repeatedKeys } from './repeated-keys.ts';

/** Bytes to be left out. */
export interface Cut {
  readonly from: number;
  readonly to: number;
}

const PROTO = Buffer.from('__proto__');
/** What every escape of a character of `__proto__` starts with. */
const ESCAPE = Buffer.from('\\u00');

/** Whether a document can have a key `__proto__`, seen without its grammar. */
export function canHaveProto(bytes: Buffer): boolean {
  return bytes.includes(PROTO) || bytes.includes(ESCAPE);
}

/**
 * What the policies say about the members of all objects: the first one that is refused, or what is to be left out, in order
 * and without overlaps.
 */
export function judgeMembers(
  document: IndexedDocument,
  { duplicateKeys, proto }: Pick<ParseSettings, 'duplicateKeys' | 'proto'>,
): PolicyFault | readonly Cut[] {
  const { bytes, offsets, count } = document;
  const repeated: number[] = [];
  const protos: number[] = [];
  const cuts: Cut[] = [];
  let fault: PolicyFault | undefined;
  const refuse = (entry: number | undefined, reason: PolicyReason): void => {
    if (entry === undefined || (fault !== undefined && fault.byteOffset <= offsets[entry])) return;
    fault = { byteOffset: offsets[entry], reason };
  };
  for (let object = 0; object < count; object++) {
    if (bytes[offsets[object]] !== OPEN_BRACE) continue;
    // An object is judged as a whole, so those inside may have an earlier fault, but none that starts later.
    if (fault !== undefined && offsets[object] > fault.byteOffset) break;
    repeated.length = 0;
    protos.length = 0;
    if (duplicateKeys !== 'last') repeatedKeys(document, object, repeated);
    if (proto !== 'keep') protoKeys(document, object, protos);
    if (duplicateKeys === 'error') refuse(repeated[0], 'duplicate-key');
    if (proto === 'error') refuse(protos[0], 'proto-key');
    if (repeated.length === 0 && protos.length === 0) continue;
    const unwanted = new Set(duplicateKeys === 'first' ? repeated : []);
    if (proto === 'remove') for (const key of protos) unwanted.add(key);
    cutMembers(document, object, unwanted, cuts);
  }
  return fault ?? disjoint(cuts);
}

/** The members with the key `__proto__`, as entries of their keys, appended in order. */
function protoKeys(document: IndexedDocument, object: number, found: number[]): void {
  const { bytes, offsets, ends } = document;
  const limit = ends[object];
  for (let entry = object + 1; entry < limit; entry = nextEntry(document, entry + 1)) {
    const from = offsets[entry] + 1;
    const end = ends[entry];
    // With an escape it is longer; most keys are shorter.
    if (end - from >= PROTO.length && unescaped(bytes, from, end) === '__proto__') found.push(entry);
  }
}

/**
 * Leaves members out, and one comma each: the one before, where a member before it stays, else the one after.
 *
 *     {"a":1, "b":2, "c":3}        {"a":1, "b":2, "c":3}
 *           └─────┘                 └─────┘
 */
function cutMembers(document: IndexedDocument, object: number, unwanted: ReadonlySet<number>, cuts: Cut[]): void {
  const { offsets, ends } = document;
  const limit = ends[object];
  let hasKept = false;
  let endBefore = 0;
  for (let key = object + 1; key < limit;) {
    const next = nextEntry(document, key + 1);
    const end = valueEnd(document, key + 1);
    if (!unwanted.has(key)) hasKept = true;
    else if (hasKept) cuts.push({ from: endBefore, to: end });
    else cuts.push({ from: offsets[key], to: next < limit ? offsets[next] : end });
    endBefore = end;
    key = next;
  }
}

/** Members are left out of an object that is itself left out: the larger cut is enough. */
function disjoint(cuts: Cut[]): readonly Cut[] {
  cuts.sort((one, other) => one.from - other.from || other.to - one.to);
  const kept: Cut[] = [];
  let end = 0;
  for (const cut of cuts) {
    if (cut.to <= end) continue;
    kept.push(cut);
    end = cut.to;
  }
  return kept;
}

/** The document without what is cut. */
export function withoutCuts(bytes: Buffer, cuts: readonly Cut[]): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const { from, to } of cuts) {
    parts.push(bytes.subarray(at, from));
    at = to;
  }
  parts.push(bytes.subarray(at));
  return Buffer.concat(parts);
}

/** Where a byte of the document without the cuts stands in the whole one. */
export function offsetBeforeCuts(cuts: readonly Cut[], at: number): number {
  let offset = at;
  for (const { from, to } of cuts) {
    if (from > offset) break;
    offset += to - from;
  }
  return offset;
}

import { isUtf8 } from 'node:buffer';
import { QUOTE, scanString } from '../scan-tokens.ts';
import { findFault } from '../scan-document.ts';
import { unescaped } from './key-node.ts';
import { locate } from './locate.ts';
import type { Plan, PlannedField, PlannedKind } from './plan.ts';
import { addText, NEW_TEXT, readerOf, readState, type Reader, type ReadState, type Slots } from './read-value.ts';
import { KIND, MISSING, OK, SYNTAX, UTF8 } from './reasons.ts';

const LOWER_N = 0x6e;
const ANY_DEPTH = 0xffff_ffff;

/** What the last refusal was about. */
export interface Refusal {
  kind: PlannedKind | undefined;
  field: PlannedField | undefined;
  /** Offset in `bytes`. */
  at: number;
  entry: number;
}

/**
 * The scanner for any layout, built of closures: finds where the values are while it checks the whole document, then
 * reads them in the order of the schema. So a repeated key costs nothing, its last value is the one that is found, and
 * what is not JSON is refused before any field is looked at.
 */
export class GeneralScanner {
  readonly refusal: Refusal = { kind: undefined, field: undefined, at: 0, entry: -1 };
  readonly #plan: Plan;
  readonly #positions: Int32Array;
  readonly #readers: readonly (readonly Reader[])[];
  readonly #state: ReadState;
  readonly #kinds: ReadonlyMap<string, number>;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#positions = new Int32Array(plan.slots);
    this.#state = readState(plan.maxLevels);
    this.#readers = plan.kinds.map(({ fields }) => fields.map((field) => readerOf(field, fields)));
    this.#kinds = new Map(plan.kinds.map(({ kind }, place) => [kind, place]));
  }

  /** Reads `bytes[start, end)` into the record of its kind: the reason, and what it is about in `refusal`. */
  scan(bytes: Uint8Array, start: number, end: number, record: Slots): number {
    const { refusal } = this;
    const { root, discriminator, kinds } = this.#plan;
    const positions = this.#positions;
    refusal.kind = undefined;
    refusal.field = undefined;
    refusal.entry = -1;
    refusal.at = start;
    const message = bytes.subarray(start, end);
    if (!locate(bytes, start, end, root, positions)) {
      return findFault(message, ANY_DEPTH)?.reason === 'utf8' ? UTF8 : SYNTAX;
    }
    if (!isUtf8(message)) return UTF8;
    if (discriminator === undefined) return this.#fields(0, bytes, end, record);
    const at = positions[discriminator.slot];
    refusal.at = at < 0 ? end : at;
    if (at < 0 || bytes[at] !== QUOTE) return KIND;
    const place = this.#kinds.get(unescaped(bytes, at + 1, scanString(bytes, at + 1, end) - 1));
    if (place === undefined) return KIND;
    const { kind } = kinds[place];
    record.kind = kind;
    return this.#fields(place, bytes, end, record[kind] as Slots);
  }

  #fields(place: number, bytes: Uint8Array, end: number, record: Slots): number {
    const { refusal } = this;
    const state = this.#state;
    const positions = this.#positions;
    const readers = this.#readers[place];
    const kind = this.#plan.kinds[place];
    const { fields } = kind;
    state.hasNewText = false;
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index];
      const at = positions[field.slot];
      let reason = OK;
      if (field.isOptional && (at < 0 || bytes[at] === LOWER_N)) {
        setFallback(field, record);
      } else if (at < 0) {
        state.faultAt = end;
        state.faultEntry = -1;
        reason = MISSING;
      } else {
        state.faultAt = at;
        state.faultEntry = -1;
        reason = readers[index](bytes, at, end, record, state);
      }
      if (reason !== OK) return this.#refuse(reason, kind, field);
    }
    if (state.hasNewText) {
      for (const field of fields) {
        const at = positions[field.slot];
        if (field.type.kind !== 'text' || record[field.name] !== NEW_TEXT || at < 0 || bytes[at] !== QUOTE) continue;
        const reason = addText(field, bytes, at, end, record, this.#plan.maxTextEntries);
        state.faultAt = at;
        state.faultEntry = -1;
        if (reason !== OK) return this.#refuse(reason, kind, field);
      }
    }
    refusal.kind = kind;
    return OK;
  }

  #refuse(reason: number, kind: PlannedKind, field: PlannedField): number {
    const { refusal } = this;
    refusal.kind = kind;
    refusal.field = field;
    refusal.at = this.#state.faultAt;
    refusal.entry = this.#state.faultEntry;
    return reason;
  }
}

function setFallback({ name, type, fallback }: PlannedField, record: Slots): void {
  if (type.kind === 'levels') (record[name] as { length: number }).length = 0;
  else record[name] = fallback;
}

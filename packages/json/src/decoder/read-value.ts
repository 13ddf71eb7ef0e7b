import { COMMA, CLOSE_BRACKET, OPEN_BRACKET, QUOTE, scanString, skipSpace } from '../scan-tokens.ts';
import { unescaped } from './key-node.ts';
import { skipValue } from './locate.ts';
import type { PlannedField, PlannedScale } from './plan.ts';
import { NumberToken } from './read-number.ts';
import { LIMIT, OK, TYPE, UNKNOWN } from './reasons.ts';
import { isWellFormed, type Texts } from './text-dictionary.ts';
import type { DecimalScale, Levels, NumberForm } from './types.ts';

const LOWER_T = 0x74;
const LOWER_F = 0x66;

/** A record as the readers see it. */
export type Slots = Record<string, unknown>;

/** What one decoder's readers share. */
export interface ReadState {
  readonly token: NumberToken;
  /** Position of the value, or the part of it, that was refused. */
  faultAt: number;
  /** Entry of the levels that was refused, or −1. */
  faultEntry: number;
  /** Set when a text has still to be added to its dictionary. */
  hasNewText: boolean;
  readonly maxLevels: number;
}

export function readState(maxLevels: number): ReadState {
  return { token: new NumberToken(), faultAt: 0, faultEntry: -1, hasNewText: false, maxLevels };
}

/** Reads the value at a position of a message that is known to be JSON into the record: `OK`, or why not. */
export type Reader = (bytes: Uint8Array, at: number, end: number, record: Slots, state: ReadState) => number;

/** The text fields whose new texts are added once everything else of the message is right. */
export const NEW_TEXT = -1;

export function readerOf(field: PlannedField, fields: readonly PlannedField[]): Reader {
  const { name, type } = field;
  switch (type.kind) {
    case 'f64':
      return (bytes, at, end, record, { token }) => {
        const value = token.open(bytes, at, end, 'any') ? token.double(bytes) : Number.NaN;
        if (Number.isNaN(value)) return token.reason;
        record[name] = value;
        return OK;
      };
    case 'i64':
      return type.as === 'bigint'
        ? bigintReader(name, type.form)
        : countReader(name, { ...INTEGER, form: type.form }, fields);
    case 'count':
      return countReader(name, field.scale as PlannedScale, fields);
    case 'bool':
      return (bytes, at, _end, record) => {
        const byte = bytes[at];
        if (byte !== LOWER_T && byte !== LOWER_F) return TYPE;
        record[name] = byte === LOWER_T;
        return OK;
      };
    case 'enum':
      return enumReader(name, type.values);
    case 'text':
      return textReader(name, type.dictionary as Texts);
    case 'levels':
      return levelsReader(field, fields);
  }
}

const INTEGER: PlannedScale = { fixed: { decimals: 0, step: 1 }, scales: [], by: -1, signed: true, form: 'any' };

function bigintReader(name: string, form: NumberForm): Reader {
  return (bytes, at, end, record, { token }) => {
    const value = token.open(bytes, at, end, form) ? token.bigint(bytes) : undefined;
    if (value === undefined) return token.reason;
    record[name] = value;
    return OK;
  };
}

function countReader(name: string, scale: PlannedScale, fields: readonly PlannedField[]): Reader {
  const by = scale.by < 0 ? '' : fields[scale.by].name;
  return (bytes, at, end, record, { token }) => {
    if (!token.open(bytes, at, end, scale.form)) return token.reason;
    const grid = gridOf(scale, by, record);
    if (grid === undefined) return UNKNOWN;
    const count = token.count(bytes, grid, scale.signed);
    if (Number.isNaN(count)) return token.reason;
    record[name] = count;
    return OK;
  };
}

function gridOf(scale: PlannedScale, by: string, record: Slots): DecimalScale | undefined {
  return scale.fixed ?? scale.scales[record[by] as number];
}

function enumReader(name: string, values: readonly string[]): Reader {
  return (bytes, at, end, record) => {
    if (bytes[at] !== QUOTE) return TYPE;
    const place = values.indexOf(unescaped(bytes, at + 1, scanString(bytes, at + 1, end) - 1));
    if (place < 0) return UNKNOWN;
    record[name] = values[place];
    return OK;
  };
}

function textReader(name: string, dictionary: Texts): Reader {
  return (bytes, at, end, record, state) => {
    if (bytes[at] !== QUOTE) return TYPE;
    let index = dictionary.findQuoted(bytes, at + 1, end);
    if (index < 0) index = dictionary.indexOf(unescaped(bytes, at + 1, scanString(bytes, at + 1, end) - 1));
    if (index < 0) {
      if (dictionary.closed) return UNKNOWN;
      state.hasNewText = true;
    }
    record[name] = index;
    return OK;
  };
}

/** Adds the text at a position. */
export function addText(
  { name, type }: PlannedField,
  bytes: Uint8Array,
  at: number,
  end: number,
  record: Slots,
  maxTextEntries: number,
): number {
  if (type.kind !== 'text') return OK;
  const { dictionary } = type;
  const text = unescaped(bytes, at + 1, scanString(bytes, at + 1, end) - 1);
  if (!isWellFormed(text)) return UNKNOWN;
  if (dictionary.indexOf(text) < 0 && dictionary.size >= maxTextEntries) return LIMIT;
  record[name] = dictionary.add(text);
  return OK;
}

function levelsReader(field: PlannedField, fields: readonly PlannedField[]): Reader {
  const { name } = field;
  const price = field.scale as PlannedScale;
  const quantity = field.quantityScale as PlannedScale;
  const byPrice = price.by < 0 ? '' : fields[price.by].name;
  const byQuantity = quantity.by < 0 ? '' : fields[quantity.by].name;
  return (bytes, from, end, record, state) => {
    const levels = record[name] as Levels;
    levels.length = 0;
    if (bytes[from] !== OPEN_BRACKET) return TYPE;
    const ticks = gridOf(price, byPrice, record);
    const lots = gridOf(quantity, byQuantity, record);
    if (ticks === undefined || lots === undefined) return UNKNOWN;
    const { token, maxLevels } = state;
    let count = 0;
    let at = skipSpace(bytes, from + 1, end);
    if (bytes[at] === CLOSE_BRACKET) return OK;
    for (;;) {
      state.faultEntry = count;
      state.faultAt = at;
      if (bytes[at] !== OPEN_BRACKET) return TYPE;
      if (count === maxLevels) return LIMIT;
      if (count >= levels.ticks.length || count >= levels.lots.length) growLevels(levels, maxLevels);
      at = skipSpace(bytes, at + 1, end);
      state.faultAt = at;
      if (!token.open(bytes, at, end, price.form)) return TYPE;
      const priceCount = token.count(bytes, ticks, price.signed);
      if (Number.isNaN(priceCount)) return token.reason;
      at = skipSpace(bytes, token.after, end);
      if (bytes[at] !== COMMA) return TYPE;
      at = skipSpace(bytes, at + 1, end);
      state.faultAt = at;
      if (!token.open(bytes, at, end, quantity.form)) return TYPE;
      const quantityCount = token.count(bytes, lots, quantity.signed);
      if (Number.isNaN(quantityCount)) return token.reason;
      levels.ticks[count] = priceCount;
      levels.lots[count] = quantityCount;
      count++;
      at = skipSpace(bytes, token.after, end);
      // What a row has beyond the pair.
      while (bytes[at] === COMMA) at = skipSpace(bytes, skipValue(bytes, skipSpace(bytes, at + 1, end), end), end);
      at = skipSpace(bytes, at + 1, end);
      if (bytes[at] === CLOSE_BRACKET) break;
      at = skipSpace(bytes, at + 1, end);
    }
    levels.length = count;
    return OK;
  };
}

const FIRST_LEVELS = 64;

export function newLevels(): Levels {
  return { ticks: new Float64Array(FIRST_LEVELS), lots: new Float64Array(FIRST_LEVELS), length: 0 };
}

/** Doubles the room for levels and keeps what is there. */
export function growLevels(levels: Levels, maxLevels: number): void {
  const capacity = Math.min(maxLevels, Math.max(FIRST_LEVELS, 2 * Math.min(levels.ticks.length, levels.lots.length)));
  const ticks = new Float64Array(capacity);
  const lots = new Float64Array(capacity);
  ticks.set(levels.ticks.subarray(0, capacity));
  lots.set(levels.lots.subarray(0, capacity));
  levels.ticks = ticks;
  levels.lots = lots;
}

/** Why a message was refused, in words for counters and logs. */
export type DecodeReason =
  /** Decoded: nothing was wrong. */
  | 'ok'
  /** Not JSON. */
  | 'syntax'
  /** Malformed UTF-8. */
  | 'utf8'
  /** A required field is not there. */
  | 'missing'
  /** A field is of another kind: a number where text belongs, an object where an array does. */
  | 'type'
  /** A text that should hold a decimal number and does not. */
  | 'number'
  /** Finer than the scale, between two steps, or a fraction where an integer belongs. */
  | 'precision'
  /** Beyond what the field can hold exactly. */
  | 'range'
  /** Negative where the field is not signed. */
  | 'negative'
  /** A text that an enum or a closed dictionary does not have, or a text for which there is no scale. */
  | 'unknown'
  /** More levels or dictionary entries than the decoder allows. */
  | 'limit'
  /** A message of a kind that the union does not have. */
  | 'kind';

/**
 * The reasons in the order of their codes: `decodeReasons[decoder.tryDecode(bytes, record)]`. Codes are never renumbered,
 * new ones come last.
 */
export const decodeReasons: readonly DecodeReason[] = [
  'ok',
  'syntax',
  'utf8',
  'missing',
  'type',
  'number',
  'precision',
  'range',
  'negative',
  'unknown',
  'limit',
  'kind',
];

export const OK = 0;
export const SYNTAX = 1;
export const UTF8 = 2;
export const MISSING = 3;
export const TYPE = 4;
export const NUMBER = 5;
export const PRECISION = 6;
export const RANGE = 7;
export const NEGATIVE = 8;
export const UNKNOWN = 9;
export const LIMIT = 10;
export const KIND = 11;

/** Why a document is refused. The same words as `@perf/native`'s, whose Rust source defines the byte each points at. */
export type FaultReason =
  | 'utf8'
  | 'byte-order-mark'
  | 'end'
  | 'value'
  | 'key'
  | 'colon'
  | 'separator'
  | 'trailing'
  | 'literal'
  | 'number'
  | 'escape'
  | 'control'
  | 'depth';

/** Why a document that is JSON is refused all the same: the caller asked for it. Looked for in JavaScript only. */
export type PolicyReason = 'duplicate-key' | 'proto-key' | 'long-integer';

/** The first byte that makes a document invalid. */
export interface Fault {
  readonly byteOffset: number;
  readonly reason: FaultReason;
}

/** The first byte of what the caller does not want: a key's quote, a number's first character. */
export interface PolicyFault {
  readonly byteOffset: number;
  readonly reason: PolicyReason;
}

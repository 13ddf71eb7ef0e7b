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

/** The first byte that makes a document invalid. */
export interface Fault {
  readonly byteOffset: number;
  readonly reason: FaultReason;
}

// Where messages are read from, and what has to stand behind them.
//
// Generated scanners read words of four bytes, and compare no place with the end of the message. What ends them is a byte
// that they go past nowhere, a control character: none is part of a compact message. A word is only read from a place to
// which every byte before it was accepted, so at the stop at the latest, and reaches less than WORD_BYTES behind it.

const WORD_BYTES = 4;
const STOP = 0;
const SPACE = 0x20;
/** What there has to be behind a message: a control character, and the rest of a word that starts there. */
export const STOP_BYTES: number = WORD_BYTES;

const FIRST_BYTES = 16 * 1024;
/** Longer messages are rare, and each gets memory of its own. */
const MAX_KEPT_BYTES = 1024 * 1024;

/**
 * A copy of one message with a stop behind it: a copy costs less than a look at memory that is new every time, and nobody
 * else can change or detach it.
 */
export class Stage {
  bytes: Uint8Array;
  view: DataView;

  constructor(sizeBytes: number) {
    this.bytes = new Uint8Array(sizeBytes);
    this.view = new DataView(this.bytes.buffer);
  }
}

// SAFETY: one stage serves all decoders of a thread. A message is put there and read in one go, and what is read of it is
// copied out before anything else runs.
let kept = new Stage(FIRST_BYTES);

/** Puts `bytes[start, end)`, a range of them, at the start of a stage. */
export function staged(bytes: Uint8Array, start: number, end: number): Stage {
  const length = end - start;
  const stage = length + STOP_BYTES > kept.bytes.length ? larger(length + STOP_BYTES) : kept;
  if (length === bytes.length) stage.bytes.set(bytes);
  else copyOf.call(bytes, stage.bytes, 0, start, end);
  stage.bytes[length] = STOP;
  return stage;
}

/** Copies a range without an array for it. */
const copyOf = Buffer.prototype.copy;

function larger(sizeBytes: number): Stage {
  if (sizeBytes > MAX_KEPT_BYTES) return new Stage(sizeBytes);
  let double = kept.bytes.length;
  while (double < sizeBytes) double *= 2;
  return (kept = new Stage(double));
}

/** Whether a message that ends at a place of these bytes can be read where it is. */
export function isStopped(bytes: Uint8Array, end: number): boolean {
  return bytes[end] < SPACE && end + STOP_BYTES <= bytes.length;
}

/** Puts a stop behind what is filled of memory; there must be room for it. */
export function stopAt(bytes: Uint8Array, end: number): void {
  bytes.fill(STOP, end, end + STOP_BYTES);
}

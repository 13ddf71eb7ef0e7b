import { MINUS, ZERO } from '../scan-tokens.ts';

/** The most digits of which every number fits into 64 bits. */
const MAX_WORD_DIGITS = 19;
/** Digits that are read as one number of 31 bits. */
const PART_DIGITS = 9;
const PART_SIZE = 1e9;

/** One number of 64 bits, seen as two halves and as a whole; reading it makes a BigInt without a text. */
const word = new BigUint64Array(1);
const halves = new Uint32Array(word.buffer);
const [LOW, HIGH] = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? [0, 1] : [1, 0];

/** The integer in `[from, end)`, digits with or without a minus, exactly. Up to 19 digits no text is made for it. */
export function readInteger(bytes: Buffer, from: number, end: number): bigint {
  const isNegative = bytes[from] === MINUS;
  const start = isNegative ? from + 1 : from;
  if (end - start > MAX_WORD_DIGITS) return BigInt(bytes.toString('latin1', from, end));
  const lowFrom = Math.max(start, end - PART_DIGITS);
  const middleFrom = Math.max(start, lowFrom - PART_DIGITS);
  const low = readPart(bytes, lowFrom, end);
  let high = readPart(bytes, middleFrom, lowFrom);
  if (start < middleFrom) high += (bytes[start] - ZERO) * PART_SIZE;
  // high * 10^9 + low in parts that doubles hold exactly: high has at most 34 bits, 10^9 has 30. Differences, since the
  // remainder of doubles is a call.
  const highTop = Math.floor(high / 0x2_0000);
  const top = highTop * PART_SIZE;
  const topHigh = Math.floor(top / 0x8000);
  const sum = (high - highTop * 0x2_0000) * PART_SIZE + low + (top - topHigh * 0x8000) * 0x2_0000;
  const carry = Math.floor(sum / 0x1_0000_0000);
  halves[LOW] = sum - carry * 0x1_0000_0000;
  halves[HIGH] = topHigh + carry;
  return isNegative ? -word[0] : word[0];
}

/** At most nine digits. A loop in integers: the sums of more digits would be done in doubles, at a multiple of the time. */
function readPart(bytes: Uint8Array, from: number, end: number): number {
  let value = 0;
  for (let at = from; at < end; at++) value = (Math.imul(value, 10) + bytes[at] - ZERO) | 0;
  return value;
}

import type { Scale } from './scale.ts';

/** What decoding needs to know of a symbol. The scales may be refined while a recording without them is read. */
export interface Instrument {
  readonly symbol: string;
  tick: Scale;
  lot: Scale;
}

/**
 * Instruments found by the bytes of their symbol, without making a string per frame.
 *
 * A frame names its symbol in 3 to 20 bytes; hashing them and comparing once costs about as much as one property read,
 * where `latin1Slice` and a Map cost an allocation and a string hash.
 */
export class InstrumentTable {
  readonly #byHash = new Map<number, { readonly bytes: Uint8Array; readonly instrument: Instrument }[]>();
  readonly #bySymbol = new Map<string, Instrument>();

  constructor(instruments: Iterable<Instrument> = []) {
    for (const instrument of instruments) this.add(instrument);
  }

  add(instrument: Instrument): void {
    if (this.#bySymbol.has(instrument.symbol)) return;
    const bytes = new TextEncoder().encode(instrument.symbol);
    const hash = hashBytes(bytes, 0, bytes.length);
    const bucket = this.#byHash.get(hash);
    if (bucket === undefined) this.#byHash.set(hash, [{ bytes, instrument }]);
    else bucket.push({ bytes, instrument });
    this.#bySymbol.set(instrument.symbol, instrument);
  }

  get(symbol: string): Instrument | undefined {
    return this.#bySymbol.get(symbol);
  }

  find(bytes: Uint8Array, start: number, end: number): Instrument | undefined {
    const bucket = this.#byHash.get(hashBytes(bytes, start, end));
    if (bucket === undefined) return undefined;
    for (const entry of bucket) {
      if (sameBytes(entry.bytes, bytes, start, end)) return entry.instrument;
    }
    return undefined;
  }

  get size(): number {
    return this.#bySymbol.size;
  }

  [Symbol.iterator](): IterableIterator<Instrument> {
    return this.#bySymbol.values();
  }
}

/** FNV-1a, kept to 31 bits so that it stays a small integer. */
function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193);
  return hash & 0x3fffffff;
}

function sameBytes(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[start + at]) return false;
  return true;
}

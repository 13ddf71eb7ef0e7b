import { textDictionary, type DecimalScale, type TextDictionary } from '@perf/json';
import type { Scale } from './scale.ts';

/** What decoding needs to know of a symbol. The scales may be refined while a recording without them is read. */
export interface Instrument {
  readonly symbol: string;
  tick: Scale;
  lot: Scale;
}

/**
 * Instruments as decoders need them: the dictionary finds the symbol in the bytes of a frame, without making a string,
 * and the scales are at the place that it gives.
 */
export class InstrumentTable {
  readonly symbols: TextDictionary = textDictionary([], { closed: true });
  readonly ticks: DecimalScale[] = [];
  readonly lots: DecimalScale[] = [];
  readonly #instruments: Instrument[] = [];

  constructor(instruments: Iterable<Instrument> = []) {
    for (const instrument of instruments) this.add(instrument);
  }

  add(instrument: Instrument): void {
    if (this.symbols.indexOf(instrument.symbol) >= 0) return;
    this.symbols.add(instrument.symbol);
    this.#instruments.push(instrument);
    this.ticks.push(new CurrentScale(instrument, 'tick'));
    this.lots.push(new CurrentScale(instrument, 'lot'));
  }

  get(symbol: string): Instrument | undefined {
    return this.#instruments[this.symbols.indexOf(symbol)];
  }

  /** The instrument at the place of its symbol in the dictionary. */
  at(index: number): Instrument {
    return this.#instruments[index];
  }

  get size(): number {
    return this.#instruments.length;
  }

  [Symbol.iterator](): IterableIterator<Instrument> {
    return this.#instruments.values();
  }
}

/** The scale that an instrument has at the moment. */
class CurrentScale implements DecimalScale {
  readonly #instrument: Instrument;
  readonly #unit: 'tick' | 'lot';

  constructor(instrument: Instrument, unit: 'tick' | 'lot') {
    this.#instrument = instrument;
    this.#unit = unit;
  }

  get decimals(): number {
    return this.#instrument[this.#unit].decimals;
  }

  get step(): number {
    return this.#instrument[this.#unit].step;
  }
}

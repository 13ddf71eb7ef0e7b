/** Lines of newline-delimited JSON as an exchange's archive has them: aggregated trades of about 150 bytes. */
export function aggTradeLines(sizeBytes: number): (random: () => number) => Buffer {
  return (random) => {
    const lines: string[] = [];
    let time = 1_723_161_256_296;
    for (let at = 0, length = 0; length < sizeBytes; at++) {
      time += Math.floor(random() * 100);
      const price = `${60_000 + Math.floor(random() * 2000)}.${Math.floor(random() * 10)}0`;
      const quantity = (Math.floor(random() * 5000) / 1000).toFixed(3);
      const trade = 5_266_583_935 + 3 * at;
      const line =
        `{"e":"aggTrade","E":${time + 3},"s":"BTCUSDT","a":${2_293_837_120 + at},"p":"${price}","q":"${quantity}",` +
        `"f":${trade},"l":${trade + 2},"T":${time},"m":${random() < 0.5}}\n`;
      length += line.length;
      lines.push(line);
    }
    return Buffer.from(lines.join(''));
  };
}

/** Four columns, of which `length` rows are filled. */
export interface TradeColumns {
  readonly length: number;
  readonly id: Float64Array;
  readonly price: Float64Array;
  readonly quantity: Float64Array;
  readonly time: BigInt64Array;
}

/** Sums of all columns, so that no contestant can leave one out. */
export interface Sums {
  rows: number;
  ids: number;
  ticks: number;
  lots: number;
  /** Of the low 32 bits: adding 64-bit integers in JavaScript takes longer than reading them. */
  times: number;
}

export function noSums(): Sums {
  return { rows: 0, ids: 0, ticks: 0, lots: 0, times: 0 };
}

export function addColumns(sums: Sums, { length, id, price, quantity, time }: TradeColumns): void {
  const words = new Uint32Array(time.buffer, time.byteOffset, 2 * length);
  sums.rows += length;
  for (let row = 0; row < length; row++) {
    sums.ids += id[row];
    sums.ticks += price[row];
    sums.lots += quantity[row];
    sums.times += words[2 * row];
  }
}

interface Trade {
  readonly a: number;
  readonly p: string;
  readonly q: string;
  readonly T: number;
}

/** Columns that are filled line by line with `JSON.parse`, and added up when they are full. */
export class ParsedColumns implements TradeColumns {
  readonly id: Float64Array;
  readonly price: Float64Array;
  readonly quantity: Float64Array;
  readonly time: BigInt64Array;
  readonly #sums: Sums;
  length = 0;

  constructor(rows: number, sums: Sums) {
    this.id = new Float64Array(rows);
    this.price = new Float64Array(rows);
    this.quantity = new Float64Array(rows);
    this.time = new BigInt64Array(rows);
    this.#sums = sums;
  }

  push(line: string): void {
    const { a, p, q, T } = JSON.parse(line) as Trade;
    const row = this.length++;
    this.id[row] = a;
    this.price[row] = Math.round(Number(p) * 10);
    this.quantity[row] = Math.round(Number(q) * 1000);
    this.time[row] = BigInt(T);
    if (this.length === this.id.length) this.flush();
  }

  flush(): void {
    addColumns(this.#sums, this);
    this.length = 0;
  }
}

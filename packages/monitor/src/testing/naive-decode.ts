// The naive twin of the decoders: JSON.parse and BigInt, nothing clever. What it says is right by inspection.

export interface NaiveScale {
  readonly decimals: number;
  readonly step: number;
}

export interface NaiveInstrument {
  readonly tick: NaiveScale;
  readonly lot: NaiveScale;
}

export type NaiveResult =
  | { kind: 'depth'; symbol: string; ids: number[]; eventTimeMs: number; bids: number[][]; asks: number[][] }
  | { kind: 'bookTicker'; symbol: string; updateId: number; eventTimeMs: number; best: number[] }
  | { kind: 'trade'; symbol: string; id: number; times: number[]; priceTicks: number; qtyLots: number; maker: boolean }
  | { kind: 'other' }
  | { kind: 'rejected' };

class Refused extends Error {}

export function naiveDecode(frame: Uint8Array, instruments: Readonly<Record<string, NaiveInstrument>>): NaiveResult {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(frame));
    if (!isRecord(value)) throw new Refused();
    const data = Object.hasOwn(value, 'stream') && Object.hasOwn(value, 'data') ? value.data : value;
    if (!isRecord(data)) throw new Refused();
    if (typeof data.e !== 'string' || !['depthUpdate', 'bookTicker', 'trade', 'aggTrade'].includes(data.e)) {
      return { kind: 'other' };
    }
    const symbol = data.s;
    if (typeof symbol !== 'string' || !Object.hasOwn(instruments, symbol)) throw new Refused();
    const { tick, lot } = instruments[symbol];
    switch (data.e) {
      case 'depthUpdate':
        return {
          kind: 'depth',
          symbol,
          ids: [id(data.U), id(data.u), Object.hasOwn(data, 'pu') ? id(data.pu) : Number.NaN],
          eventTimeMs: id(data.E),
          bids: levels(data.b, tick, lot),
          asks: levels(data.a, tick, lot),
        };
      case 'bookTicker':
        return {
          kind: 'bookTicker',
          symbol,
          updateId: id(data.u),
          eventTimeMs: id(data.E),
          best: [count(data.b, tick), count(data.B, lot), count(data.a, tick), count(data.A, lot)],
        };
      default:
        if (typeof data.m !== 'boolean') throw new Refused();
        return {
          kind: 'trade',
          symbol,
          id: id(data.e === 'trade' ? data.t : data.a),
          times: [id(data.E), id(data.T)],
          priceTicks: count(data.p, tick),
          qtyLots: count(data.q, lot),
          maker: data.m,
        };
    }
  } catch (error) {
    if (error instanceof Refused || error instanceof SyntaxError || error instanceof TypeError)
      return { kind: 'rejected' };
    throw error;
  }
}

function levels(value: unknown, tick: NaiveScale, lot: NaiveScale): number[][] {
  if (!Array.isArray(value)) throw new Refused();
  return value.map((row: unknown) => {
    if (!Array.isArray(row) || row.length < 2) throw new Refused();
    return [count(row[0], tick), count(row[1], lot)];
  });
}

function id(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new Refused();
  return (value as number) + 0;
}

function count(value: unknown, { decimals, step }: NaiveScale): number {
  if (typeof value !== 'string') throw new Refused();
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(value);
  if (parts === null) throw new Refused();
  const exponent = Number(parts[4] ?? 0) - (parts[3]?.length ?? 0) + decimals;
  let scaled = BigInt(parts[2] + (parts[3] ?? ''));
  if (exponent >= 0) {
    scaled *= 10n ** BigInt(exponent);
  } else {
    const divisor = 10n ** BigInt(-exponent);
    if (scaled % divisor !== 0n) throw new Refused();
    scaled /= divisor;
  }
  if (scaled > BigInt(Number.MAX_SAFE_INTEGER) || scaled % BigInt(step) !== 0n) throw new Refused();
  if (parts[1] === '-' && scaled !== 0n) throw new Refused();
  return Number(scaled / BigInt(step));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

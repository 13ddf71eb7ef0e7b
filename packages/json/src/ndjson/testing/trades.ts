import { textDictionary } from '../../decoder/text-dictionary.ts';
import {
  field,
  type BoolType,
  type EnumType,
  type F64Type,
  type FieldSpec,
  type I64Type,
  type LevelsType,
  type SafeIntegerType,
  type CountType,
  type TextType,
} from '../../decoder/types.ts';

/** An alias, which unlike an interface is a `Schema`. */
export type TradeSchema = {
  readonly time: FieldSpec<I64Type>;
  readonly id: FieldSpec<SafeIntegerType>;
  readonly price: FieldSpec<CountType>;
  readonly rate: FieldSpec<F64Type>;
  readonly side: FieldSpec<EnumType<'BUY' | 'SELL'>>;
  readonly venue: FieldSpec<TextType>;
  readonly isMaker: FieldSpec<BoolType>;
  readonly bids: FieldSpec<LevelsType>;
};

/** Fields of every kind of column. */
export const TRADE: TradeSchema = {
  time: { path: 'T', type: field.i64() },
  id: { path: 'a', type: field.i64({ as: 'number' }) },
  price: { path: 'p', type: field.ticks('0.10') },
  rate: { path: 'r', type: field.f64(), default: Number.NaN },
  side: { path: 's', type: field.enum(['BUY', 'SELL']) },
  venue: { path: 'v', type: field.text(textDictionary(['A', 'B', 'C'], { closed: true })) },
  isMaker: { path: 'm', type: field.bool() },
  bids: { path: 'b', type: field.levels({ price: field.ticks(1), quantity: field.lots(3) }), default: [] },
};

/** The line of a trade without its line feed. */
export function tradeLine(at: number): string {
  const levels = Array.from({ length: at % 4 }, (_, level) => `["${at + level}.5","0.00${level}"]`);
  return (
    `{"T":${1_723_161_255_030_314_667n + BigInt(at)},"a":${at},"p":"${at % 1000}.20","r":${at / 8},` +
    `"s":"${at % 3 === 0 ? 'BUY' : 'SELL'}","v":"${'ABC'[at % 3]}","m":${at % 2 === 0},"b":[${levels.join(',')}]}`
  );
}

export function tradeLines(count: number): string {
  return Array.from({ length: count }, (_, at) => `${tradeLine(at)}\n`).join('');
}

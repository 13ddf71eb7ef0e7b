export { StructuresError } from '../errors.ts';
export type { StructuresErrorCode, StructuresErrorFields } from '../errors.ts';
export { CANDLE_FIELDS } from './candle.ts';
export type { Candle } from './candle.ts';
export { Candles } from './candles.ts';
export type { CandlesOptions } from './candles.ts';

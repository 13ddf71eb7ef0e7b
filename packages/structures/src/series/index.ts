export { StructuresError } from '../errors.ts';
export type { StructuresErrorCode, StructuresErrorFields } from '../errors.ts';
export { CANDLE_FIELDS, Candles } from './candles.ts';
export type { Candle, CandlesOptions } from './candles.ts';

export { StructuresError } from '../errors.ts';
export type { StructuresErrorCode, StructuresErrorFields } from '../errors.ts';
export type { Decimal } from './decimal-scale.ts';
export { FastOrderBook } from './fast-order-book.ts';
export type { DecimalEvent, DecimalLevel, FastOrderBookOptions } from './fast-order-book.ts';
export { levelColumns } from './levels.ts';
export type { Level, LevelColumns, Side } from './levels.ts';
export { OrderBook } from './order-book.ts';
export type { BestPrices, BookEvent, OrderBookOptions } from './order-book.ts';

export { Exchange } from './exchange.ts';
export type { ExchangeAddress, ExchangeStats } from './exchange.ts';
export type { ExchangeOptions } from './options.ts';
export type { ExchangeCommand, ExchangeReport } from './process.ts';

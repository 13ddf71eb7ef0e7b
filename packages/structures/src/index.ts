export * from './book/index.ts';
export * from './sync/index.ts';
export * from './rings/index.ts';
export * from './series/index.ts';

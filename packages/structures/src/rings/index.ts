export { StructuresError } from '../errors.ts';
export type { StructuresErrorCode, StructuresErrorFields } from '../errors.ts';
export { RingBuffer } from './ring-buffer.ts';
export type { RingBufferOptions } from './ring-buffer.ts';

export { jsonBackend } from './backend.ts';
export type { JsonBackend } from './backend.ts';
export { JsonError } from './errors.ts';
export type { JsonErrorCode, JsonPosition } from './errors.ts';
export type { JsonLimits } from './limits.ts';
export { parse } from './parse.ts';
export { stringify } from './stringify.ts';
export { isValid, validate } from './validate.ts';

export type { CpuPath } from './cpu-path.ts';
export { NativeError } from './errors.ts';
export type { NativeErrorCode } from './errors.ts';
export { findJsonFault, validateJson } from './json.ts';
export type { JsonFault, JsonFaultReason } from './json.ts';
export { findJsonValue } from './json-find.ts';
export { indexJson } from './json-index.ts';
export { nativeStatus } from './status.ts';
export type { NativeStatus } from './status.ts';

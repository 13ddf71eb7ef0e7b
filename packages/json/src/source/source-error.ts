import { JsonError } from '../errors.ts';

/** `ERR_PERF_JSON_SOURCE`: what happened after how many bytes of the source, and what to do. */
export function sourceError(what: string, bytesRead: number, advice: string, cause?: unknown): JsonError {
  const message = `${what} after ${bytesRead} bytes: ${advice}`;
  const details = { byteOffset: bytesRead };
  return new JsonError('ERR_PERF_JSON_SOURCE', message, cause === undefined ? details : { ...details, cause });
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

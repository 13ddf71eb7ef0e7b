import { nativeStatus } from '../status.ts';

/**
 * Whether tests of native code can run in this process. Where they cannot, one line says why; that is a failure when
 * the addon is required and was not turned off on purpose.
 */
export function hasAddon(): boolean {
  const status = nativeStatus();
  if (status.available) return true;
  const line = `tests of native code are left out: ${status.reason}`;
  if (process.env.PERF_REQUIRE_NATIVE === '1' && process.env.PERF_NATIVE !== '0') throw new Error(line);
  process.stderr.write(`${line}\n`);
  return false;
}

import type { CpuPath } from './cpu-path.ts';
import { load } from './load.ts';
import { currentTarget } from './target.ts';

/** What {@link nativeStatus} says. */
export type NativeStatus =
  | {
      readonly available: true;
      /** The platform in the words of npm packages: `linux-x64-gnu`. */
      readonly target: string;
      /** The version of the addon, always that of the package. */
      readonly version: string;
      readonly cpu: {
        /** The instruction set in use. */
        readonly path: CpuPath;
        /** Those that this machine has, the preferred one first. */
        readonly supported: readonly CpuPath[];
      };
    }
  | {
      readonly available: false;
      readonly target: string;
      /** Why: turned off, not installed, not loadable, a CPU path that is not there. */
      readonly reason: string;
    };

/**
 * Whether native code is used in this process, how, and why not. Never throws.
 *
 * The first call loads the addon (a few milliseconds); the answer does not change afterwards.
 *
 * ```js
 * import { nativeStatus } from '@perf/native';
 *
 * const status = nativeStatus();
 * console.log(status.available ? `native, ${status.cpu.path}` : `JavaScript: ${status.reason}`);
 * ```
 */
export function nativeStatus(): NativeStatus {
  const loaded = load();
  const target = currentTarget();
  if (loaded.binding === undefined) return { available: false, target, reason: loaded.why };
  const supported = loaded.binding.supportedCpuPaths() as CpuPath[];
  return { available: true, target, version: loaded.version, cpu: { path: loaded.cpuPath, supported } };
}

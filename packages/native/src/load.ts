import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as BindingModule from './binding.ts';
import { chooseCpuPath } from './cpu-path.ts';
import type { CpuPath } from './cpu-path.ts';
import { NativeError } from './errors.ts';
import { currentTarget, describePlatform, TARGETS } from './target.ts';

/** The functions of the addon, as Rust exports them. */
export type Binding = typeof BindingModule;

export type Loaded =
  | { readonly binding: Binding; readonly version: string; readonly cpuPath: CpuPath }
  | { readonly binding: undefined; readonly why: string; readonly cause: unknown };

let loaded: Loaded | undefined;

/** The addon, loaded on the first call and kept. Never throws. */
export function load(): Loaded {
  loaded ??= tryToLoad();
  return loaded;
}

function tryToLoad(): Loaded {
  try {
    const wanted = process.env.PERF_NATIVE ?? '';
    if (wanted === '0') return unavailable('PERF_NATIVE=0 turns it off');
    if (wanted !== '' && wanted !== '1') return unavailable(`PERF_NATIVE must be 0 or 1, got "${wanted}"`);
    const binding = findBinding();
    return { binding, version: binding.version(), cpuPath: chooseCpuPath(binding, process.env.PERF_NATIVE_CPU) };
  } catch (cause) {
    return unavailable((cause as Error).message, cause);
  }
}

function unavailable(why: string, cause?: unknown): Loaded {
  return { binding: undefined, why, cause };
}

/** The addon, or the reason why not as an error whose stack is the caller's. */
export function required(): Binding {
  const loaded = load();
  if (loaded.binding !== undefined) return loaded.binding;
  const { why, cause } = loaded;
  const message = `@perf/native is unavailable: ${why}`;
  throw new NativeError('ERR_PERF_NATIVE_UNAVAILABLE', message, cause === undefined ? {} : { cause });
}

/** The file beside package.json that a checkout builds, else the package of the platform. */
function findBinding(): Binding {
  const require = createRequire(import.meta.url);
  const target = currentTarget();
  const local = fileURLToPath(new URL(`../perf.${target}.node`, import.meta.url));
  const isBuilt = existsSync(local);
  if (!isBuilt && !TARGETS.includes(target)) throw new Error(`there is no addon for ${describePlatform()}`);
  let binding: Binding;
  try {
    binding = require(isBuilt ? local : `@perf/native-${target}`) as Binding;
  } catch (cause) {
    throw new Error(`${howItFailed(cause, target)} (${describePlatform()})`, { cause });
  }
  const { version } = require('../package.json') as { version: string };
  if (binding.version() !== version) {
    const advice = isBuilt ? 'build it again' : `install @perf/native-${target} in the same version`;
    throw new Error(`the addon is of version ${binding.version()}, the package of ${version}: ${advice}`);
  }
  return binding;
}

function howItFailed(cause: unknown, target: string): string {
  const { code, message } = cause as { code?: string; message?: string };
  if (code === 'MODULE_NOT_FOUND') {
    return `@perf/native-${target} is not installed: install with optional dependencies, on the platform that runs it`;
  }
  return `the addon does not load: ${message?.split('\n')[0]}`;
}

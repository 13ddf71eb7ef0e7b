import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { nativeStatus } from '@perf/native';

const run = promisify(execFile);

/** Runs Node on the sources with this environment's switches replaced by `env`; returns what it prints. */
export async function node(args: readonly string[], env: Record<string, string>): Promise<string> {
  const inherited: NodeJS.ProcessEnv = { ...process.env, NODE_OPTIONS: '' };
  for (const name of ['PERF_NATIVE', 'PERF_NATIVE_CPU', 'PERF_REQUIRE_NATIVE']) delete inherited[name];
  const { stdout } = await run(process.execPath, ['--conditions=@perf/source', ...args], {
    env: { ...inherited, ...env },
    maxBuffer: 2 ** 26,
  });
  return stdout;
}

/** What a program of this folder prints as one line of JSON. */
export async function program<Result>(file: string, env: Record<string, string>): Promise<Result> {
  return JSON.parse(await node([fileURLToPath(new URL(file, import.meta.url))], env)) as Result;
}

/** The CPU paths of this machine, asked in a process of its own so that this one's environment does not matter. */
export async function cpuPaths(): Promise<readonly string[]> {
  const source = `import('@perf/native').then(({ nativeStatus }) => process.stdout.write(JSON.stringify(nativeStatus())))`;
  const status = JSON.parse(await node(['--eval', source], {})) as ReturnType<typeof nativeStatus>;
  if (!status.available && process.env.PERF_REQUIRE_NATIVE === '1') throw new Error(status.reason);
  return status.available ? status.cpu.supported : [];
}

/** One way of running the package. */
export interface Backend {
  readonly name: string;
  readonly env: Record<string, string>;
}

/**
 * JavaScript and every CPU path, each with the environment that forces it; where this process is told which of them to use, that
 * one alone. The last word on what was not tested is the caller's to print.
 */
export async function backends(): Promise<readonly Backend[]> {
  const javascript = { name: 'javascript', env: { PERF_NATIVE: '0' } };
  const forced = process.env.PERF_NATIVE_CPU;
  if (process.env.PERF_NATIVE === '0') return [javascript];
  const native = (forced === undefined ? await cpuPaths() : [forced]).map((path) => ({
    name: path,
    env: { PERF_NATIVE_CPU: path, PERF_REQUIRE_NATIVE: '1' },
  }));
  return forced === undefined ? [javascript, ...native] : native;
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs Node on the sources with this environment's switches replaced by `env`; returns what it prints. */
export async function node(args: readonly string[], env: Record<string, string> = {}, cwd?: string): Promise<string> {
  const inherited: NodeJS.ProcessEnv = { ...process.env, NODE_OPTIONS: '' };
  for (const name of ['PERF_NATIVE', 'PERF_NATIVE_CPU', 'PERF_REQUIRE_NATIVE']) delete inherited[name];
  const { stdout } = await run(process.execPath, ['--conditions=@perf/source', ...args], {
    env: { ...inherited, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  return stdout;
}

/** `nativeStatus()` of a fresh process. */
export async function statusOf(env: Record<string, string>): Promise<Record<string, unknown>> {
  const source = `import('@perf/native').then((native) => process.stdout.write(JSON.stringify(native.nativeStatus())))`;
  return JSON.parse(await node(['--eval', source], env)) as Record<string, unknown>;
}

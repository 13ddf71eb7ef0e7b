import { readFileSync } from 'node:fs';

/** Paths of `@perf/native` that valgrind can run (3.19 has no AVX-512), best first, by the flag that /proc/cpuinfo shows. */
const PATHS = [
  ['avx2', 'avx2'],
  ['sse42', 'sse4_2'],
] as const;

/** What `PERF_NATIVE_CPU` is set to under callgrind. Undefined where the package's own choice is fine. */
export function nativeCpuUnderValgrind(arch: string, cpuinfo: string): string | undefined {
  if (arch !== 'x64') return undefined;
  const flags = new Set(/^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.trim().split(/\s+/));
  return PATHS.find(([, flag]) => flags.has(flag))?.[0] ?? 'scalar';
}

export function readCpuinfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}

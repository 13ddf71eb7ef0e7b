import type { Binding } from './load.ts';

/** An instruction set that the kernels are compiled for. */
export type CpuPath = 'avx512' | 'avx2' | 'sse42' | 'neon' | 'scalar';

/**
 * Sets the CPU path of the process: the best one, or the one that `PERF_NATIVE_CPU` names. Throws where that is not
 * possible, rather than using another: the variable is for tests and benchmarks, which would report on the wrong path.
 */
export function chooseCpuPath(binding: Binding, wanted: string | undefined): CpuPath {
  const supported = binding.supportedCpuPaths();
  if (wanted === undefined || wanted === '') return binding.chooseCpuPath(supported[0]) as CpuPath;
  const known = binding.cpuPaths();
  if (!known.includes(wanted)) {
    throw new Error(`PERF_NATIVE_CPU must be one of ${known.join(', ')}, got "${wanted}"`);
  }
  if (!supported.includes(wanted)) {
    throw new Error(`PERF_NATIVE_CPU=${wanted} is not among what this CPU has (${supported.join(', ')})`);
  }
  const chosen = binding.chooseCpuPath(wanted);
  if (chosen !== wanted) {
    throw new Error(`PERF_NATIVE_CPU=${wanted} comes too late: another thread of this process chose ${chosen}`);
  }
  return chosen as CpuPath;
}

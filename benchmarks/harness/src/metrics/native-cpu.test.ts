import { expect, test } from 'vitest';

import { nativeCpuUnderValgrind } from './native-cpu.ts';

test.each([
  ['x64', 'flags\t\t: fpu sse4_2 avx2 avx512f\n', 'avx2'],
  ['x64', 'processor: 0\nflags\t\t: fpu sse4_2\nbugs: x', 'sse42'],
  ['x64', 'flags\t\t: fpu\n', 'scalar'],
  ['x64', '', 'scalar'],
  ['arm64', 'Features : asimd', undefined],
])('on %s with %j native code takes the path %s', (arch, cpuinfo, path) => {
  expect(nativeCpuUnderValgrind(arch, cpuinfo)).toBe(path);
});

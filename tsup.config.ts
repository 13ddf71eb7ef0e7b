import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

// One configuration for every package, run inside its folder. What a package exports under the condition `@perf/source`
// is what gets built; `perf.entries` names further files that are started by path (workers, command lines).
interface Manifest {
  exports: Record<string, string | { '@perf/source'?: string }>;
  perf?: { entries?: string[] };
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const exported = Object.values(manifest.exports).flatMap((target) =>
  typeof target === 'object' && target['@perf/source'] ? [target['@perf/source']] : [],
);

export default defineConfig({
  entry: [...exported, ...(manifest.perf?.entries ?? [])],
  format: 'esm',
  target: 'node22',
  platform: 'node',
  dts: false,
  clean: true,
  splitting: true,
  sourcemap: true,
  treeshake: true,
  noExternal: ['@perf/internal'],
  esbuildOptions(options) {
    options.conditions = ['@perf/source'];
    options.outbase = 'src';
  },
});

import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

// One configuration for every package: each runs `vitest run --config ../../vitest.config.ts --root .`.
// Tests use the sources of the other packages, so no build has to come first.
const conditions = ['@perf/source', ...defaultServerConditions];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{src,scripts}/**/*.test.{ts,mjs}'],
    // Child processes and workers that a test starts resolve packages the same way.
    execArgv: ['--conditions=@perf/source'],
    pool: 'forks',
    testTimeout: 30_000,
    // Tests that run processes wait for them most of the time; more than two at once only slow each other down.
    maxConcurrency: 2,
  },
});

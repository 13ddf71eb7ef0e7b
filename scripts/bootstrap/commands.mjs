// What each root command runs, once Node, pnpm and the dependencies are there. `native: true` means that the command
// builds or tests Rust, so it is worth finding out whether crates can be fetched.

const turbo = (...tasks) => ['turbo', 'run', ...tasks, '--ui=stream', '--log-order=grouped'];
const SKIPPED = /native build skipped/;
const quietly = (...tasks) => ({
  run: [...turbo(...tasks), '--output-logs=full'],
  quiet: 'building what has changed',
  show: SKIPPED,
});
const native = quietly('@perf/native#build:native');
const built = quietly('build', '@perf/native#build:native');
const fromSource = (node, file, args) => ({ run: [node, '--conditions=@perf/source', file, ...args] });

export const commands = {
  start: {
    native: true,
    steps: ({ args, node }) => [
      quietly('build', '@perf/native#build:native', '--filter=@perf/monitor...'),
      { run: [node, 'packages/monitor/dist/cli.js', ...args] },
    ],
  },
  test: {
    native: true,
    steps: ({ args }) => [
      {
        run: [
          ...turbo('test', 'test:scripts', 'test:rust'),
          '--output-logs=full',
          '--continue',
          '--concurrency=100%',
          ...args,
        ],
      },
    ],
  },
  build: {
    native: true,
    steps: ({ args }) => [{ run: [...turbo('build', '@perf/native#build:native'), '--output-logs=new-only', ...args] }],
  },
  types: { steps: ({ args }) => [{ run: [...turbo('types'), '--output-logs=new-only', '--continue', ...args] }] },
  lint: {
    native: true,
    steps: ({ node }) => [
      { run: ['oxfmt', '--check'] },
      { run: ['oxlint', '--deny-warnings'] },
      { run: [node, 'scripts/check-imports.mjs'] },
      { run: ['knip'] },
      { run: [node, 'scripts/cargo.mjs', 'fmt', '--all', '--check'] },
      {
        run: [node, 'scripts/cargo.mjs', 'clippy', '--workspace', '--all-targets', '--locked', '--', '-D', 'warnings'],
      },
    ],
  },
  format: {
    steps: ({ node }) => [{ run: ['oxfmt'] }, { run: [node, 'scripts/cargo.mjs', 'fmt', '--all'] }],
  },
  check: {
    native: true,
    steps: (context) => [
      ...commands.lint.steps(context),
      ...commands.types.steps(context),
      ...commands.pack.steps(context),
    ],
  },
  bench: {
    native: true,
    steps: ({ args, node }) => [native, fromSource(node, 'benchmarks/harness/src/main.ts', args)],
  },
  'bench:readme': { steps: ({ args, node }) => [fromSource(node, 'benchmarks/harness/src/readme.ts', args)] },
  'bench:targets': {
    native: true,
    steps: ({ args, node }) => [native, fromSource(node, 'benchmarks/harness/src/targets/main.ts', args)],
  },
  'bench:count': {
    native: true,
    steps: ({ args }) => [{ run: [...turbo('bench:count'), '--output-logs=new-only', '--concurrency=1', ...args] }],
  },
  'bench:compare': {
    native: true,
    steps: ({ args, node }) => [built, fromSource(node, 'benchmarks/harness/src/compare/main.ts', args)],
  },
  'bench:record': {
    native: true,
    steps: ({ args, node }) => [native, fromSource(node, 'benchmarks/harness/src/history/record.ts', args)],
  },
  'bench:history': { steps: ({ args, node }) => [fromSource(node, 'benchmarks/harness/src/history/main.ts', args)] },
  fuzz: { native: true, steps: ({ args, node }) => [native, fromSource(node, 'benchmarks/harness/src/fuzz.ts', args)] },
  memcheck: { native: true, steps: ({ node }) => [{ run: [node, 'scripts/memcheck.mjs'] }] },
  oracles: {
    native: true,
    steps: ({ args, node }) => [
      {
        run: [
          node,
          'scripts/cargo.mjs',
          'test',
          '--manifest-path',
          'crates/oracles/Cargo.toml',
          '--locked',
          '--release',
          ...args,
        ],
      },
    ],
  },
  corpora: { steps: ({ args, node }) => [{ run: [node, 'scripts/corpora.mjs', ...args] }] },
  pack: {
    native: true,
    steps: ({ args, node }) => [built, { run: [node, 'scripts/pack.mjs', ...args] }],
  },
  consumer: {
    native: true,
    steps: ({ args, node }) => [built, { run: [node, 'scripts/consumer.mjs', ...args] }],
  },
  changeset: { steps: ({ args }) => [{ run: ['changeset', ...args] }] },
  ci: { native: true, steps: ({ args, node }) => [{ run: [node, 'scripts/ci.mjs', ...args] }] },
  exec: { steps: ({ args }) => [{ run: args }] },
};

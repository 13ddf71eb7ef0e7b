// Builds the peers that pnpm does not install:
//
//   npm run exec -- pnpm -C benchmarks/json run build:peers
//
// `portable.node` and `native.node` beside this file need cargo and a C++ compiler, npm simdjson needs what node-gyp needs (make, Python, a
// C++ compiler). Benchmarks run without, and say what is missing.
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const root = path.join(folder, '../../..');
const manifest = ['--manifest-path', path.join(folder, 'Cargo.toml'), '--locked'];
const library = { win32: 'json_peers.dll', darwin: 'libjson_peers.dylib' }[process.platform] ?? 'libjson_peers.so';

/** By the flags for rustc. sonic-rs and simdjson's On Demand know one instruction set, that of their compilation. */
const builds = { portable: '', native: '-Ctarget-cpu=native' };

const peers = {
  'simd-json, sonic-rs, C++ simdjson': () => {
    const env = { SIMDJSON_SOURCES: simdjsonSources() };
    for (const [name, flags] of Object.entries(builds)) {
      const target = path.join(root, 'target/json-peers', name);
      const options = ['--release', '--target-dir', target, ...manifest];
      run('cargo', ['build', ...options], { env: { ...env, CARGO_ENCODED_RUSTFLAGS: flags } });
      copyFileSync(path.join(target, 'release', library), path.join(folder, `${name}.node`));
    }
  },
  'npm simdjson': () => {
    const options = ['--no-package-lock', '--no-audit', '--no-fund'];
    run('npm', ['install', ...options], { cwd: path.join(folder, 'npm'), shell: process.platform === 'win32' });
  },
};

/** Where cargo put the C++ sources, which a crate carries. */
function simdjsonSources() {
  const metadata = run('cargo', ['metadata', '--format-version', '1', ...manifest], { stdout: 'pipe' });
  const carrier = JSON.parse(metadata).packages.find(({ name }) => name === 'simdjson-sys');
  return path.join(path.dirname(carrier.manifest_path), 'vendor/simdjson');
}

function run(program, args, { cwd = root, env = {}, stdout = 'inherit', shell = false }) {
  const {
    status,
    stdout: output,
    error,
  } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', stdout, 'inherit'],
    maxBuffer: 2 ** 26,
    shell,
  });
  if (error !== undefined) throw new Error(`${program} cannot be started (${error.message})`);
  if (status !== 0) throw new Error(`${program} ${args[0]} failed`);
  return output;
}

for (const [names, build] of Object.entries(peers)) {
  try {
    build();
  } catch (error) {
    process.stderr.write(`not built: ${names}: ${error.message}\n`);
    process.exitCode = 1;
  }
}

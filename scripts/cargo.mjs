// Runs cargo, or skips with one line where there is none: everything has a JavaScript path, so a machine without Rust
// must pass. `PERF_CARGO` is what bootstrap found out; `PERF_REQUIRE_NATIVE=1` (CI) turns the skip into a failure.
import { spawnSync } from 'node:child_process';

const args = process.argv.slice(2);
if ((process.env.PERF_CARGO ?? 'none') === 'none') {
  const required = process.env.PERF_REQUIRE_NATIVE === '1';
  const line = `cargo ${args[0]} skipped: cargo is missing or its crates cannot be fetched`;
  process.stderr.write(required ? `${line}, and PERF_REQUIRE_NATIVE=1 asks for it\n` : `${line}\n`);
  process.exit(required ? 1 : 0);
}
const { status, error } = spawnSync('cargo', args, { stdio: 'inherit' });
if (error !== undefined) process.stderr.write(`cargo could not be started: ${error.message}\n`);
process.exit(status ?? 1);

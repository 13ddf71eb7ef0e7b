import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { encodedRustflags, installedToolchain, whyNoBuild } from './cargo.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const build = fileURLToPath(new URL('build.mjs', import.meta.url));
const ok = (output = '') => ({ code: 0, output, missing: false });
const failed = (output) => ({ code: 101, output, missing: false });
const missing = { code: 127, output: '', missing: true };

/** A machine on which programs answer as the table says; what is not in it is not installed. */
const machine = (answers) => (command, args) => answers[[command, ...args].join(' ')] ?? missing;

describe('a build is skipped', () => {
  test('where bootstrap found no cargo', () => {
    expect(whyNoBuild(root, { PERF_CARGO: 'none' }, machine({}))).toMatch(/^cargo not found/);
  });

  test('where cargo is missing or cannot run', () => {
    expect(whyNoBuild(root, {}, machine({}))).toBe('cargo not found');
    const broken = machine({ 'cargo --version': failed("error: toolchain '1.95.0' is not installed\nhelp: …") });
    expect(whyNoBuild(root, {}, broken)).toBe("cargo cannot run (error: toolchain '1.95.0' is not installed)");
  });

  test.for([
    'error: failed to download from `https://example.invalid/`\nCaused by: Could not resolve host',
    'warning: spurious network error (3 tries remaining): [28] Timeout was reached',
    'error: failed to get `napi`: … no matching package … but --offline was specified',
  ])('where the crates cannot be fetched: %s', (output) => {
    const offline = machine({ 'cargo --version': ok(), 'cargo fetch --locked': failed(output) });
    expect(whyNoBuild(root, {}, offline)).toBe('the crates cannot be fetched');
  });
});

test('a build is not skipped where the checkout is wrong', () => {
  const stale = machine({
    'cargo --version': ok(),
    'cargo fetch --locked': failed('error: cannot update the lock file because --locked was passed'),
  });
  expect(() => whyNoBuild(root, {}, stale)).toThrow(/lock file/);
});

test('a build goes ahead where cargo works', () => {
  const env = {};
  expect(whyNoBuild(root, env, machine({ 'cargo --version': ok(), 'cargo fetch --locked': ok() }))).toBeUndefined();
  expect(env).toEqual({});
});

describe('the toolchain', () => {
  const list = (...names) => ({ 'rustup toolchain list': ok(`${names.join('\n')}\n`) });
  const stable = (version) => ({ 'rustup run stable rustc --version': ok(`rustc ${version} (abc 2026-01-01)`) });

  test('is the pinned one where that is installed', () => {
    const both = machine({ ...list('stable-x86_64', '1.95.0-x86_64'), ...stable('1.95.0') });
    expect(installedToolchain(root, {}, both)).toBeUndefined();
  });

  test('is stable where that is the pinned version under another name', () => {
    expect(installedToolchain(root, {}, machine({ ...list('stable-x86_64'), ...stable('1.95.0') }))).toBe('stable');
  });

  test('is left to rustup where stable is another version, where one is named, and without rustup', () => {
    const other = machine({ ...list('stable-x86_64'), ...stable('1.94.0') });
    expect(installedToolchain(root, {}, other)).toBeUndefined();
    expect(installedToolchain(root, { RUSTUP_TOOLCHAIN: 'nightly' }, other)).toBeUndefined();
    expect(installedToolchain(root, {}, machine({}))).toBeUndefined();
  });
});

test('flags keep the caller’s and hide the paths of the machine', () => {
  const env = { RUSTFLAGS: '-C debuginfo=1', CARGO_HOME: '/home/a b/.cargo' };
  expect(encodedRustflags('/my checkout', 'x86_64-unknown-linux-musl', env).split('\u{1f}')).toEqual([
    '-C',
    'debuginfo=1',
    '--remap-path-prefix=/my checkout=/perf',
    '--remap-path-prefix=/home/a b/.cargo=/cargo',
    '-Ctarget-feature=-crt-static',
  ]);
  expect(encodedRustflags('/x', 'x86_64-unknown-linux-gnu', env)).not.toContain('crt-static');
});

describe('the script without cargo', () => {
  const run = (env) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [build], {
      encoding: 'utf8',
      env: { PATH: fileURLToPath(new URL('.', import.meta.url)), ...env },
    });
    return { status, stdout, stderr };
  };

  test('says so in one line and succeeds', () => {
    expect(run({})).toEqual({
      status: 0,
      stdout: '',
      stderr: 'native build skipped: cargo not found; JavaScript is used instead\n',
    });
  });

  test('fails where the addon is required', () => {
    const { status, stderr } = run({ PERF_REQUIRE_NATIVE: '1', PERF_CARGO: 'none' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^native build skipped: .* PERF_REQUIRE_NATIVE=1 asks for the addon\n$/);
  });
});

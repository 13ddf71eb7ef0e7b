import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkWorkspace } from './check-workspace.mjs';
import { RULES } from './layers.mjs';
import { readImports } from './read-imports.mjs';

const SCRIPT = fileURLToPath(new URL('../check-imports.mjs', import.meta.url));

let root;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'perf-imports-'));
  member('packages/internal', { name: '@perf/internal', private: true });
  member('packages/native', { name: '@perf/native' });
  member('packages/json', {
    name: '@perf/json',
    peerDependencies: { '@perf/native': 'workspace:^' },
    devDependencies: { '@perf/internal': 'workspace:*', 'fast-check': '1' },
  });
  member('packages/structures', { name: '@perf/structures', dependencies: { declared: '1' } });
  member('benchmarks/harness', { name: '@perf/bench', private: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file, content) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), content);
}

function member(folder, manifest) {
  write(
    `${folder}/package.json`,
    `${JSON.stringify({ exports: { '.': './x', './sub': './y' }, ...manifest }, null, 2)}\n`,
  );
}

/** `file:line rule` of each breach. */
function breaches() {
  return checkWorkspace(root).map(({ file, line, rule }) => {
    const [key] = Object.entries(RULES).find(([, text]) => text === rule);
    return `${file}:${line} ${key}`;
  });
}

test('accepts what the layers allow', () => {
  write(
    'packages/json/src/a.ts',
    "import { x } from '@perf/internal'; import '@perf/native'; import 'node:fs'; import './b.ts';",
  );
  write('packages/json/src/a.test.ts', "import '@perf/structures'; import '@perf/bench'; import 'fast-check';");
  write('packages/json/src/testing/feed.ts', "import '@perf/structures/sub';");
  write('packages/structures/src/a.ts', "import 'declared'; import 'declared/deep';");
  write('benchmarks/json/package.json', '{ "name": "@perf/bench-json", "private": true }');
  write('benchmarks/json/b.bench.ts', "import '../../packages/json/src/testing/feed.ts';");
  write('benchmarks/json/a.bench.ts', "import '@perf/json'; import '@perf/bench'; import 'rival';");
  write('crates/perf_node/Cargo.toml', 'napi = "3"');
  write('crates/perf_json/src/lib.rs', 'let snapi = 1;');
  expect(breaches()).toEqual([]);
});

describe('finds', () => {
  test.each([
    ['a static import', "import { x } from '@perf/json';"],
    ['a type import', "import type { X } from '@perf/json';"],
    ['a side-effect import of a subpath', "import '@perf/json/sub';"],
    ['a re-export', "export * from '@perf/json';"],
    ['a dynamic import', 'const x = await import(`@perf/json`);'],
    ['an import in a type', "export type X = import('@perf/json').X;"],
    ['createRequire', "const x = createRequire(import.meta.url)('@perf/json');"],
    ['a named require', "const requireHere = createRequire(import.meta.url); requireHere('@perf/json');"],
    ['import.meta.resolve', "import.meta.resolve('@perf/json');"],
  ])('a package that reaches up by %s', (_, code) => {
    write('packages/structures/src/a.ts', `// first line\n${code}\n`);
    expect(breaches()).toEqual(['packages/structures/src/a.ts:2 layers']);
  });

  test('a package that reaches sideways', () => {
    write('packages/native/src/a.ts', "import '@perf/structures';");
    expect(breaches()).toEqual(['packages/native/src/a.ts:1 layers']);
  });

  test('internal that knows a published package', () => {
    write('packages/internal/src/a.ts', "import '@perf/json';");
    expect(breaches()).toEqual(['packages/internal/src/a.ts:1 layers']);
  });

  test('a published source that imports the harness', () => {
    write('packages/json/src/a.ts', "import { bench } from '@perf/bench';");
    expect(breaches()).toEqual(['packages/json/src/a.ts:1 bench']);
  });

  test('a relative path into another package, also in tests and benchmarks', () => {
    write('packages/json/src/a.test.ts', "import '../../structures/src/a.ts';");
    expect(breaches()).toEqual(['packages/json/src/a.test.ts:1 deep']);
  });

  test('a published source that uses the test helpers of another package', () => {
    write('packages/json/src/a.ts', "import '../../structures/src/testing/feed.ts';");
    expect(breaches()).toEqual(['packages/json/src/a.ts:1 deep']);
  });

  test('a subpath that is not exported', () => {
    write('benchmarks/harness/src/a.ts', "import '@perf/json/src/parse.ts';");
    expect(breaches()).toEqual(['benchmarks/harness/src/a.ts:1 deep']);
  });

  test('a published source that imports a development dependency', () => {
    write('packages/json/src/a.ts', "import fc from 'fast-check';");
    expect(breaches()).toEqual(['packages/json/src/a.ts:1 declared']);
  });

  test('internal outside devDependencies', () => {
    member('packages/structures', { name: '@perf/structures', dependencies: { '@perf/internal': 'workspace:*' } });
    expect(breaches()).toEqual(['packages/structures/package.json:8 bundled']);
  });

  test('a dependency on an upper layer in package.json', () => {
    member('packages/native', { name: '@perf/native', peerDependencies: { '@perf/json': 'workspace:*' } });
    expect(breaches()).toEqual(['packages/native/package.json:8 layers']);
  });

  test('internal in built declarations and in built code', () => {
    write('packages/json/dist/nested/a.d.ts', "export declare const e: import('@perf/internal').E;");
    expect(breaches()).toEqual(['packages/json/dist/nested/a.d.ts:1 bundled']);
    rmSync(path.join(root, 'packages/json/dist'), { recursive: true });
    write('packages/json/dist/index.js', "// @perf/internal\nimport{x}from'@perf/internal';");
    expect(breaches()).toEqual(['packages/json/dist/index.js:2 bundled']);
  });

  test.each([
    ['crates/perf_json/Cargo.toml', '[dependencies]\nnapi-derive = "3"', 2],
    ['crates/perf_json/Cargo.toml', '[lib]\ncrate-type = ["cdylib"]', 2],
    ['crates/perf_simd/src/lib.rs', 'use napi::Env;', 1],
    ['crates/perf_simd/src/lib.rs', '\n#[napi_derive::napi]\nfn x() {}', 2],
  ])('%s that knows napi', (file, content, line) => {
    write(file, content);
    expect(breaches()).toEqual([`${file}:${line} napi`]);
  });

  test('a file that cannot be parsed', () => {
    write('packages/json/src/a.ts', 'import {\n\nfrom');
    expect(breaches()).toEqual([expect.stringMatching(/^packages\/json\/src\/a\.ts:\d parse$/)]);
  });
});

test('comments, strings, templates and regular expressions are not imports', () => {
  const source = `
    // import '@perf/a';
    /* export * from '@perf/b'; */
    const text = "import '@perf/c'";
    const template = \`\${"x"} import('@perf/d')\`;
    const pattern = /require\\('@perf\\/e'\\)/;
    const generic = <T,>(x: T): T => x;
    log('@perf/f', import.meta.url);
    const computed = await import(\`./\${text}.ts\`);
  `;
  expect(readImports('a.ts', source)).toEqual({ imports: [] });
});

test('the command prints each breach with its rule and exits with 1', () => {
  write('packages/native/src/a.ts', "import '@perf/structures';");
  expect(spawnSync(process.execPath, [SCRIPT, root], { encoding: 'utf8' })).toMatchObject({
    status: 1,
    stdout: 'imports: 1 breach of the rules\n',
    stderr: `packages/native/src/a.ts:1: @perf/native imports "@perf/structures"\n    rule: ${RULES.layers}\n`,
  });
});

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { LatencyRegistry } from './index.ts';

const run = promisify(execFile);

describe('as a decorator', () => {
  const context = (kind: string): { kind: string; name: string } => ({ kind, name: 'load' });

  test.each(['method', 'getter', 'setter'])('it takes a %s and returns its replacement', (kind) => {
    const registry = new LatencyRegistry();
    const replacement = registry.measureLatency('load')(() => 5, context(kind));
    expect(replacement()).toBe(5);
    expect(registry.getStats().get('load')?.calls).toBe(1);
  });

  test.each([
    ['field', undefined],
    ['accessor', {}],
    ['class', Map],
  ])('it refuses a %s', (kind, value) => {
    expect(() => new LatencyRegistry().measureLatency('load')(value as never, context(kind))).toThrow(
      expect.objectContaining({ code: 'ERR_PERF_PROFILING_DECORATOR', message: expect.stringContaining(kind) }),
    );
  });

  test('it names the compiler option when it is called as an experimental decorator', () => {
    const decorate = new LatencyRegistry().measureLatency('load') as unknown as (...args: unknown[]) => unknown;
    expect(() => decorate({}, 'load', { value: () => 1 })).toThrow(
      expect.objectContaining({
        code: 'ERR_PERF_PROFILING_DECORATOR',
        message: expect.stringContaining('experimentalDecorators'),
      }),
    );
  });
});

// Node cannot strip decorators, so the source is compiled by tsc, which also checks that the types fit the language's
// contract for decorators, and then run.
const PROGRAM = `
import { getStats, measureLatency } from '@perf/profiling';

class Desk {
  #price = 100;

  @measureLatency('quote')
  quote(symbol: string, size: number): string {
    return [symbol, this.#price, size].join(' ');
  }

  @measureLatency('load')
  async load<T>(value: T): Promise<T> {
    return value;
  }

  @measureLatency('fail', { sampleEvery: 2 })
  static fail(this: typeof Desk): never {
    throw new RangeError(this.name);
  }

  @measureLatency('private')
  #hidden(): number {
    return this.#price;
  }

  @measureLatency('getter')
  get price(): number {
    return this.#hidden();
  }
}

const desk = new Desk();
const quote: string = desk.quote('BTCUSDT', 2);
const loaded: number = await desk.load(7);
let failed = '';
try {
  Desk.fail();
} catch (error) {
  failed = String(error);
}
const price: number = desk.price;
const calls = getStats().toJSON().latencies.map(({ name, calls, errors }) => [name, calls, errors].join(' ')).sort();
process.stdout.write(JSON.stringify({ quote, loaded, failed, price, arity: desk.quote.length, calls }));
`;

test('measures the methods of a class compiled by TypeScript', { timeout: 60_000 }, async () => {
  const packageFolder = dirname(fileURLToPath(new URL('.', import.meta.url)));
  const folder = await mkdtemp(join(tmpdir(), 'perf-decorator-'));
  try {
    await mkdir(join(folder, 'node_modules/@perf'), { recursive: true });
    await symlink(packageFolder, join(folder, 'node_modules/@perf/profiling'), 'junction');
    await symlink(join(packageFolder, 'node_modules/@types'), join(folder, 'node_modules/@types'), 'junction');
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'program.ts'), PROGRAM);
    const options = {
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable', 'esnext.decorators'],
      module: 'nodenext',
      customConditions: ['@perf/source'],
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      allowImportingTsExtensions: true,
      rewriteRelativeImportExtensions: true,
      skipLibCheck: true,
      rootDir: parse(folder).root,
      outDir: 'out',
      listEmittedFiles: true,
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['program.ts'] }));
    const tsc = createRequire(import.meta.url)
      .resolve('typescript/package.json')
      .replace(/package\.json$/, 'bin/tsc');
    const compiled = await run(process.execPath, [tsc, '-p', folder]).catch((error: { stdout: string }) => error);
    const program = /^TSFILE: (.*program\.js)$/m.exec(compiled.stdout)?.[1];
    if (program === undefined) throw new Error(`tsc wrote no program:\n${compiled.stdout}`);
    const { stdout } = await run(process.execPath, ['--no-warnings', '--conditions=@perf/source', program]);
    expect(JSON.parse(stdout)).toEqual({
      quote: 'BTCUSDT 100 2',
      loaded: 7,
      failed: 'RangeError: Desk',
      price: 100,
      arity: 2,
      calls: ['fail 1 1', 'getter 1 0', 'load 1 0', 'private 1 0', 'quote 1 0'],
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

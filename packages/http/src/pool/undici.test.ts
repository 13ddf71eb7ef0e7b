import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const index = fileURLToPath(new URL('../index.ts', import.meta.url));

/** Runs a script in a process of its own, as the slots are global, and returns what it printed. */
function printed(script: string): string {
  const args = ['--conditions=@perf/source', '--input-type=module', '-e', script];
  return execFileSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } }).trim();
}

const SLOTS = `const slots = () => Object.getOwnPropertySymbols(globalThis).filter((s) => /undici/.test(String(s)) && globalThis[s] !== undefined);`;

test('does not load undici when it is imported', () => {
  expect(
    printed(
      `${SLOTS} const before = slots().length; await import(${JSON.stringify(index)}); console.log(slots().length - before);`,
    ),
  ).toBe('0');
});

test('leaves the dispatcher of the built-in fetch alone', () => {
  expect(
    printed(`
      import { createServer } from 'node:http';
      import { HttpPool } from ${JSON.stringify(index)};
      const server = createServer((_, response) => response.end('{"ok":true}'));
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = 'http://127.0.0.1:' + server.address().port;
      const legacy = Symbol.for('undici.globalDispatcher.1');
      const before = globalThis[legacy];
      const pool = new HttpPool({ baseUrl: url });
      const same = globalThis[legacy] === before;
      const answers = [await pool.getJson('/'), await (await fetch(url)).json()];
      await pool.destroy();
      server.closeAllConnections();
      server.close();
      console.log(same, JSON.stringify(answers));
    `),
  ).toBe('true [{"ok":true},{"ok":true}]');
});

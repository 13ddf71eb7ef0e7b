import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const guides = readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md');

test.each(guides)('the example of docs/%s runs', async (guide) => {
  const example = /```js\n(.*?)```/s.exec(readFileSync(path.join(root, 'docs', guide), 'utf8'))?.[1];
  expect(example).toBeDefined();
  // From the monitor's folder every package can be found, as in a project that has installed them.
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@perf/source', '--input-type=module', '-e', example],
    { cwd: path.join(root, 'packages/monitor'), timeout: 25_000, env: { ...process.env, NODE_OPTIONS: '' } },
  );
  expect(stdout).toMatch(/in step: \d+ events applied, 0 gaps/);
});

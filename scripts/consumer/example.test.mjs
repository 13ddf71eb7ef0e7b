import { expect, test } from 'vitest';
import { firstExample } from './example.mjs';

const block = (language, code) => `\`\`\`${language}\n${code}\n\`\`\`\n`;

test('takes the first js block and no other language', () => {
  const readme = `# x\n${block('sh', 'npm install x')}${block('ts', 'const a: 1 = 1;')}${block('js', 'one();\n\ntwo();')}${block('js', 'three();')}`;
  expect(firstExample(readme)).toEqual({ kind: 'js', code: 'one();\n\ntwo();\n' });
});

test('takes a block with an attribute after the language', () => {
  expect(firstExample(block('js title="a.mjs"', 'one();'))).toEqual({ kind: 'js', code: 'one();\n' });
});

test('takes a monitor command when there is no js block', () => {
  const readme =
    block('sh', 'npm install --global x') +
    block('sh', '# watch\nnpx perf-monitor --duration 3s --json # ends by itself');
  expect(firstExample(readme)).toEqual({ kind: 'sh', program: 'perf-monitor', args: ['--duration', '3s', '--json'] });
});

test('finds nothing where there is nothing to run', () => {
  expect(firstExample(`text\n${block('ts', 'x')}${block('sh', 'npm install x')}`)).toBe(undefined);
});

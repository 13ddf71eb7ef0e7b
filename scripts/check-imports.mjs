#!/usr/bin/env node
// Part of `npm run lint`: who may import whom, as ARCHITECTURE.md draws it. The rules are in check-imports/layers.mjs.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkWorkspace } from './check-imports/check-workspace.mjs';

const root = path.resolve(process.argv[2] ?? path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const problems = checkWorkspace(root);
for (const { file, line, what, rule } of problems)
  process.stderr.write(`${file}:${line}: ${what}\n    rule: ${rule}\n`);
process.stdout.write(
  problems.length === 0
    ? 'imports: every package keeps the rules\n'
    : `imports: ${problems.length} ${problems.length === 1 ? 'breach' : 'breaches'} of the rules\n`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

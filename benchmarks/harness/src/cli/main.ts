#!/usr/bin/env node
// perf-bench <command> [arguments]
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { useRepository } from '../layout.ts';
import { COMMANDS, HELP } from './commands.ts';

const OWN = fileURLToPath(new URL('../..', import.meta.url));

async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? process.stderr : process.stdout).write(HELP);
    process.exitCode = name === undefined ? 2 : 0;
    return;
  }
  if (name === '--version' || name === '-v') {
    const { version } = JSON.parse(readFileSync(join(OWN, 'package.json'), 'utf8')) as { version: string };
    process.stdout.write(`${version}\n`);
    return;
  }
  const command = COMMANDS.get(name);
  if (command === undefined) {
    process.stderr.write(`unknown command ${name}; there are ${[...COMMANDS.keys()].join(', ')}\nSee --help.\n`);
    process.exitCode = 2;
    return;
  }
  if (join(realpathSync(process.cwd()), 'benchmarks', 'harness') !== OWN.replace(/[\\/]$/, '')) useRepository();
  // Commands read the arguments of their process and set its exit code.
  process.argv.splice(2, process.argv.length, ...args);
  await command.load();
}

await main(process.argv.slice(2));

#!/usr/bin/env node
// The one way in: `npm start`, `npm test` and every other root command come here. It needs nothing but Node >= 18 and
// npm, brings what is missing (a newer Node for the tools, pnpm, the dependencies), and runs the command with them.
// Everything it says goes to stderr, so that `npm start --silent -- --json` prints one JSON object and nothing else.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { commands } from './bootstrap/commands.mjs';
import { describeCargo } from './bootstrap/cargo.mjs';
import { toolEnvironment } from './bootstrap/environment.mjs';
import { BootstrapFailure } from './bootstrap/failure.mjs';
import { installDependencies } from './bootstrap/install.mjs';
import { withLock } from './bootstrap/lock.mjs';
import { toolNode } from './bootstrap/node.mjs';
import { pnpmFolder } from './bootstrap/pnpm.mjs';
import { runCommand } from './bootstrap/run.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [name, ...args] = process.argv.slice(2);

try {
  const command = commands[name];
  if (command === undefined) {
    throw new BootstrapFailure(
      `there is no command "${name ?? ''}"`,
      `use one of: ${Object.keys(commands).join(', ')}`,
    );
  }
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const { node, pnpm } = await withLock(root, async () => {
    const node = await toolNode(root);
    const pnpm = await pnpmFolder(root, manifest.packageManager);
    await installDependencies(root, { node, pnpm });
    return { node, pnpm };
  });
  const cargo = await describeCargo(root, command.native === true);
  const env = await toolEnvironment(root, { node, pnpm, cargo, counting: name === 'bench:count' });
  process.exitCode = await runCommand(command.steps({ args, env, root, node: node.path }), { root, env });
} catch (error) {
  if (!(error instanceof BootstrapFailure)) throw error;
  process.stderr.write(error.render());
  process.exitCode = 1;
}

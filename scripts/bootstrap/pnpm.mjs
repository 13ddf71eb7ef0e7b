import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BootstrapFailure, remedyFor } from './failure.mjs';
import { npm } from './npm.mjs';
import { say } from './say.mjs';

const binary = process.platform === 'win32' ? 'pnpm.cmd' : 'pnpm';

/**
 * The folder with the pinned pnpm. npm fetches it once; afterwards the remembered folder costs 30 ms instead of the
 * second that `npx` takes per call. (corepack is not an option: Node 25 and later do not bring it.)
 */
export async function pnpmFolder(root, wanted) {
  const memory = path.join(root, 'node_modules', '.perf', 'pnpm.json');
  const known = remembered(memory);
  if (known?.wanted === wanted && existsSync(path.join(known.folder, binary))) return known.folder;

  say(`fetching ${wanted}`);
  const print = "process.stdout.write('\\nPATH=' + process.env.PATH + '\\n')";
  const { code, output, stdout } = await npm(['exec', '--yes', `--package=${wanted}`, '--', 'node', '-e', print], root);
  if (code !== 0) throw new BootstrapFailure(`${wanted} could not be fetched`, remedyFor(output, 'see below'), output);
  const searched = /\nPATH=(.*)/.exec(stdout)?.[1] ?? '';
  const folder = searched
    .split(path.delimiter)
    .find((entry) => /_npx/.test(entry) && existsSync(path.join(entry, binary)));
  if (folder === undefined) {
    throw new BootstrapFailure(
      `npm fetched ${wanted} but did not put it on the PATH`,
      'update npm and try again',
      output,
    );
  }
  mkdirSync(path.dirname(memory), { recursive: true });
  writeFileSync(memory, JSON.stringify({ wanted, folder }));
  return folder;
}

function remembered(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

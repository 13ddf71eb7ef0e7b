import { BootstrapFailure } from './failure.mjs';
import { capture } from './capture.mjs';

/**
 * Runs npm and keeps its output. Under `npm run` the running npm says where it is, which also spares Windows its
 * `.cmd` files.
 */
export async function npm(command, cwd) {
  // `npm start --silent` hands its log level down, and a failure without words helps nobody.
  const args = [...command.slice(0, 1), '--loglevel=error', ...command.slice(1)];
  const self = process.env.npm_execpath;
  const byPath = self !== undefined && /npm-cli\.[cm]?js$/.test(self);
  const result = byPath
    ? await capture(process.execPath, [self, ...args], { cwd })
    : await capture(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
        cwd,
        shell: process.platform === 'win32',
      });
  if (result.missing)
    throw new BootstrapFailure('npm was not found', 'install Node with npm, or run this through `npm run`');
  return result;
}

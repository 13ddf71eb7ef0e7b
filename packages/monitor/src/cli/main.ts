import { errorCode } from '@perf/internal';
import { exchangeCommand } from './exchange-command.ts';
import { readFlags, usageError } from './flag.ts';
import { exchangeFlags, HELP, replayFlags, watchFlags } from './flags.ts';
import { printError, type Output } from './output.ts';
import { replayCommand } from './replay-command.ts';
import { version } from './version.ts';
import { watchCommand } from './watch-command.ts';

const USAGE_CODES = new Set(['ERR_PERF_MONITOR_USAGE', 'ERR_PERF_MONITOR_OPTION']);

/** Runs the command line; resolves with the exit code: 0 fine, 1 failed or not equal, 2 wrong usage. */
export async function main(args: readonly string[], output: Output): Promise<number> {
  try {
    if (args.includes('--help') || args[0] === 'help') {
      output.stdout.write(HELP);
      return 0;
    }
    if (args.includes('--version')) {
      output.stdout.write(`${version()}\n`);
      return 0;
    }
    return await dispatch(args, output);
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || !code.startsWith('ERR_PERF_')) throw error;
    printError(output, { code, message: (error as Error).message });
    return USAGE_CODES.has(code) ? 2 : 1;
  }
}

function dispatch(args: readonly string[], output: Output): Promise<number> {
  const [first = '', ...rest] = args;
  if (first === 'exchange') return exchangeCommand(readFlags(exchangeFlags, rest), output);
  if (args.some((argument) => argument === '--replay' || argument.startsWith('--replay='))) {
    return replayCommand(readFlags(replayFlags, args), output);
  }
  if (first !== '' && !first.startsWith('-')) throw usageError(`unknown command "${first}"`);
  return watchCommand(readFlags(watchFlags, args), output);
}

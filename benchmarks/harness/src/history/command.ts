import { UsageError } from '../arguments.ts';

/** Runs a command with the arguments of the process: exit code 2 and one line for wrong usage, 1 and the message for failures. */
export function runCommand(command: (argv: readonly string[]) => number | Promise<number>): void {
  Promise.resolve(process.argv.slice(2))
    .then(command)
    .then(
      (code) => {
        process.exitCode = code;
      },
      (error: unknown) => {
        const { message, code } = error as Error & { code?: string };
        const usage = error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS') === true;
        process.stderr.write(usage ? `${message.split('. ', 1)[0]}\nSee --help.\n` : `${message}\n`);
        process.exitCode = usage ? 2 : 1;
      },
    );
}

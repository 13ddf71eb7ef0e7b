/** Where a command prints. */
export interface Output {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** One object on one line; the only thing on stdout under `--json`. Resolves when it was taken, so that a pipe gets it whole. */
export function printJson({ stdout }: Output, value: unknown): Promise<void> {
  return new Promise((resolve) => {
    stdout.write(`${JSON.stringify(value)}\n`, () => resolve());
  });
}

export function printError({ stderr }: Output, error: { readonly code: string; readonly message: string }): void {
  stderr.write(`perf-monitor: ${error.message} [${error.code}]\n`);
}

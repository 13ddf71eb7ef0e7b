import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ServerProcess {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  close(): void;
}

/** `entry` is a module that sends its port once it listens. */
export async function startServer(entry: URL, ...args: readonly string[]): Promise<ServerProcess> {
  // Without the flags of the launch: hooks and conditions of what is measured are nothing to its server.
  const child = fork(fileURLToPath(entry), args, { execArgv: [] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(Number(message)));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it listened`)));
  });
  return { host: `127.0.0.1:${port}`, close: () => child.kill() };
}

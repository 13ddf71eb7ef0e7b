import { pathToFileURL } from 'node:url';

import { beside } from '../beside.ts';
import { inRepository } from '../layout.ts';
import { runChild } from '../process.ts';
import type { SideMessage, SideRequest } from './protocol.ts';
import { publishedInRepository, repositoryResolution } from './repository.ts';
import { RESOLUTION, type Resolution } from './resolution.ts';

const CHILD = beside('./side-child', import.meta.url);
const HOOKS = beside('./resolution-hooks', import.meta.url);

export interface SessionOptions {
  /** Where corpora are looked for: head's root for both sides. */
  readonly cwd: string;
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A child process that holds one side of a case and does what it is asked. */
export interface Session {
  /** What it said of itself when its answer was right, or why it cannot be timed. */
  readonly ready: SideMessage;
  /** One request at a time. A child that is gone answers `failed`. */
  ask(request: Exclude<SideRequest, { kind: 'end' }>): Promise<SideMessage>;
  /** Resolves when its process and all that it started are gone. */
  end(): Promise<void>;
}

/** Starts a side and resolves when it can be asked or has failed. */
export async function openSession(
  file: string,
  caseIndex: number,
  resolution: Resolution,
  options: SessionOptions,
): Promise<Session> {
  const answers: SideMessage[] = [];
  let waiting: ((message: SideMessage) => void) | undefined;
  let gone: SideMessage | undefined;
  let send: (request: SideRequest) => void = () => {};
  const hear = (message: SideMessage): void => {
    if (waiting === undefined) answers.push(message);
    else {
      const resolve = waiting;
      waiting = undefined;
      resolve(message);
    }
  };
  const abort = new AbortController();
  const signals = options.signal === undefined ? abort.signal : AbortSignal.any([options.signal, abort.signal]);
  const ended = runChild(CHILD, [file, String(caseIndex)], {
    cwd: options.cwd,
    limitMs: options.limitMs,
    signal: signals,
    // Without the condition of a run from source: packages are compared as they are built for users.
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning', `--import=${HOOKS.href}`],
    env: { [RESOLUTION]: JSON.stringify(resolution) },
    onMessage: (message) => hear(message as SideMessage),
    onStart: (sendTo) => {
      send = sendTo;
    },
  }).then(({ outcome, exitCode, exitSignal, stderr }) => {
    const how = exitSignal === null ? `exit code ${exitCode}` : `signal ${exitSignal}`;
    const last = stderr.trimEnd().split('\n').at(-1) ?? '';
    const reason =
      outcome === 'time limit'
        ? `killed after the time limit of ${options.limitMs / 1e3} s`
        : outcome === 'aborted'
          ? 'interrupted'
          : `ended too early (${how})${last === '' ? '' : `: ${last}`}`;
    gone = { kind: 'failed', where: 'launch', reason };
    hear(gone);
  });

  const answer = (): Promise<SideMessage> => {
    const early = answers.shift() ?? gone;
    if (early !== undefined) return Promise.resolve(early);
    return new Promise((resolve) => {
      waiting = resolve;
    });
  };
  const ready = await answer();
  return {
    ready,
    ask: (request) => {
      send(request);
      return answer();
    },
    end: async () => {
      // A side that failed ends by itself; one that was never asked to end would wait for ever.
      if (ready.kind === 'ready') send({ kind: 'end' });
      await ended;
    },
  };
}

/** How a side finds its packages: those of the workspace at `root`, for the cases of head's `benchmarks/<folder>`. */
export function workspaceResolution(
  headRoot: string,
  sideRoot: string,
  folder: string,
  names: readonly string[],
): Resolution {
  if (inRepository()) return repositoryResolution(headRoot, sideRoot);
  const url = (root: string, path: string): string => `${pathToFileURL(root).href}/${path}`;
  return {
    cases: url(headRoot, 'benchmarks/'),
    from: url(sideRoot, `benchmarks/${folder}/package.json`),
    names,
    within: url(sideRoot, ''),
    sources: { head: url(headRoot, 'packages/'), side: url(sideRoot, 'packages/') },
  };
}

/** How a published version is found that was installed in `project`. */
export function publishedResolution(headRoot: string, project: string, name: string): Resolution {
  if (inRepository()) return publishedInRepository(headRoot, project, name);
  return {
    cases: `${pathToFileURL(headRoot).href}/benchmarks/`,
    from: `${pathToFileURL(project).href}/package.json`,
    names: [name],
    within: `${pathToFileURL(project).href}/`,
  };
}

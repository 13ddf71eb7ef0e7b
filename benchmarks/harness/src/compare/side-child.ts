// One side of one launch, in a process of its own, driven by the parent block by block:
//   node --expose-gc --import …/resolution-hooks.ts side-child.ts <case file> <case index>
import { pathToFileURL } from 'node:url';

import { call, keepCallsApart } from '../call.ts';
import type { Contestant, Run } from '../case.ts';
import { checkAnswer, Ended, loadCases, messageOf, prepare, step, type Around } from '../contestant.ts';
import { identify } from '../input.ts';
import { bindMainThread, waitedNs } from '../one-cpu.ts';
import { builtInVersion, installedVersion } from '../versions.ts';
import type { SideMessage, SideRequest } from './protocol.ts';
import { RESOLUTION, type Resolution } from './resolution.ts';
import { observeUsage } from './usage.ts';

export let sink: unknown;

/** As long as the second half of a warm-up is quicker than this share of the first, the compiler is not done. */
const STILL_WARMING = 0.97;

/** A block may last so many times as long as the runs in it, because of what surrounds them. */
const MOST_AROUND = 10;

/** Requests are answered in turn; none is lost that arrives early. */
const requests: SideRequest[] = [];
let wake: (() => void) | undefined;

async function nextRequest(): Promise<SideRequest> {
  while (requests.length === 0) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  return requests.shift()!;
}

async function main(): Promise<void> {
  const [file = '', index = ''] = process.argv.slice(2);
  const cases = await loadCases(pathToFileURL(file).href);
  const definition = cases[Number(index)];
  if (definition === undefined) throw new Error(`no case ${index} in ${file}`);
  const version = await step('setup', () => versionOf(definition.ours));
  const input = await step('input', () => definition.input.load());
  const identity = identify(definition.input.label, input);
  const units = definition.units(input);
  // Before setup, which may change the input.
  const expected = await step('answer', () => definition.answer(input));
  const { run, close, around } = await step('setup', () => prepare(definition.ours, input));
  const async = await step('run', () => checkAnswer(run, expected, around));
  keepCallsApart();
  const block = around !== undefined ? blockAround(run, around, async) : async ? blockAsync(run) : blockSync(run);
  await tell({ kind: 'ready', input: identity, units, version, async });
  for (;;) {
    const request = await nextRequest();
    if (request.kind === 'end') break;
    await tell(await step('run', () => serve(request, block, async)));
  }
  await step('close', close);
}

type BlockMessage = Extract<SideMessage, { kind: 'block' }>;

type Block = (iterations: number) => BlockMessage | Promise<BlockMessage>;

async function serve(
  request: Exclude<SideRequest, { kind: 'end' }>,
  block: Block,
  async: boolean,
): Promise<SideMessage> {
  if (request.kind === 'block') return block(request.iterations);
  if (request.kind === 'warm') {
    const bound = request.cpu !== undefined && bindMainThread(request.cpu);
    const callNs = await warmUp(block, request.warmupMs, request.blockMs);
    globalThis.gc?.();
    return { kind: 'warm', callNs, bound };
  }
  const work = async
    ? async (): Promise<void> => void (await block(request.iterations))
    : (): void => void block(request.iterations);
  return { kind: 'usage', usage: await observeUsage(work, request.iterations, async) };
}

function blockSync(run: Run<unknown>): Block {
  const targets = [run, run];
  return (iterations) => {
    const before = clocks();
    const start = process.hrtime.bigint();
    for (let i = 0; i < iterations; i++) sink = call(targets, i);
    return taken(Number(process.hrtime.bigint() - start), before);
  };
}

function blockAsync(run: Run<unknown>): Block {
  const targets = [run, run];
  return async (iterations) => {
    const before = clocks();
    const start = process.hrtime.bigint();
    for (let i = 0; i < iterations; i++) sink = await call(targets, i);
    return taken(Number(process.hrtime.bigint() - start), before);
  };
}

/** Each run by itself; what surrounds it is not timed, but its CPU time counts. How long the process waited cannot be told apart. */
function blockAround(run: Run<unknown>, around: Around, async: boolean): Block {
  const targets = [run, run];
  const block = (ms: number, cpu: NodeJS.CpuUsage): BlockMessage => taken(ms * 1e6, { cpu, waited: undefined });
  if (async) {
    return async (iterations) => {
      const cpu = process.cpuUsage();
      let ms = 0;
      for (let i = 0; i < iterations; i++) {
        await around.before();
        const start = performance.now();
        sink = await call(targets, i);
        ms += performance.now() - start;
        await around.after();
      }
      return block(ms, cpu);
    };
  }
  return (iterations) => {
    const cpu = process.cpuUsage();
    let ms = 0;
    for (let i = 0; i < iterations; i++) {
      around.before();
      const start = performance.now();
      sink = call(targets, i);
      ms += performance.now() - start;
      around.after();
    }
    return block(ms, cpu);
  };
}

function clocks() {
  return { waited: waitedNs(), cpu: process.cpuUsage() };
}

function taken(ns: number, before: ReturnType<typeof clocks>): BlockMessage {
  const { user, system } = process.cpuUsage(before.cpu);
  const waited = waitedNs();
  return {
    kind: 'block',
    ns,
    cpuNs: (user + system) * 1e3,
    ...(waited === undefined || before.waited === undefined ? {} : { waitedNs: waited - before.waited }),
  };
}

/**
 * Batches that double up to the length of a block, until the time is over and the second half was hardly quicker than the first; at the latest
 * after four times the time. Returns what a run takes in the quickest batch.
 */
async function warmUp(block: Block, warmupMs: number, blockMs: number): Promise<number> {
  const batches: { readonly at: number; readonly callNs: number }[] = [];
  const start = performance.now();
  let iterations = 1;
  for (;;) {
    const begun = performance.now();
    const { ns } = await block(iterations);
    const end = performance.now();
    const at = end - start;
    // Where hooks take far longer than the run between them, blocks must not last for minutes.
    batches.push({ at, callNs: Math.max(ns, ((end - begun) * 1e6) / MOST_AROUND) / iterations });
    if (ns < blockMs * 1e6) iterations *= 2;
    if (batches.length < 2 || at < warmupMs) continue;
    const quickest = (of: typeof batches): number => Math.min(...of.map((batch) => batch.callNs));
    const early = quickest(batches.filter((batch) => batch.at <= at / 2));
    if (at >= 4 * warmupMs || quickest(batches) > early * STILL_WARMING) return quickest(batches);
  }
}

/** Of the side's own package: the lookup of manifests does not go through the hooks. */
function versionOf(contestant: Contestant<unknown, unknown>): string {
  if (contestant.package === undefined) return builtInVersion();
  const { names, from } = JSON.parse(process.env[RESOLUTION]!) as Resolution;
  const parent = names.includes(contestant.package) ? from : pathToFileURL(process.argv[2]!).href;
  const version = installedVersion(contestant.package, parent);
  if (version === undefined) throw new Ended({ kind: 'unavailable', reason: `${contestant.package} is not installed` });
  return version;
}

function tell(message: SideMessage): Promise<void> {
  return new Promise((resolve) => {
    process.send!(message, () => resolve());
  });
}

process.once('disconnect', () => process.exit(1));
process.on('message', (request: SideRequest) => {
  requests.push(request);
  wake?.();
});

main().then(
  () => process.exit(0),
  async (error: unknown) => {
    await tell(
      error instanceof Ended
        ? (error.told as SideMessage)
        : { kind: 'failed', where: 'case file', reason: messageOf(error) },
    );
    process.exit(1);
  },
);

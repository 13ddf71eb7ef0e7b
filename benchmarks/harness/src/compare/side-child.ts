// One side of one launch, in a process of its own, driven by the parent block by block:
//   node --expose-gc --import …/resolution-hooks.ts side-child.ts <case file> <case index> <warm-up in ms> <block in ms>
import { pathToFileURL } from 'node:url';

import { call, keepCallsApart } from '../call.ts';
import type { Contestant, Run } from '../case.ts';
import { checkAnswer, Ended, loadCases, messageOf, prepare, step } from '../contestant.ts';
import { identify } from '../input.ts';
import { builtInVersion, installedVersion } from '../versions.ts';
import type { SideMessage, SideRequest } from './protocol.ts';
import { RESOLUTION, type Resolution } from './resolution.ts';
import { observeUsage } from './usage.ts';

export let sink: unknown;

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
  const [file = '', index = '', warmupMs = '', blockMs = ''] = process.argv.slice(2);
  const cases = await loadCases(pathToFileURL(file).href);
  const definition = cases[Number(index)];
  if (definition === undefined) throw new Error(`no case ${index} in ${file}`);
  const version = await step('setup', () => versionOf(definition.ours));
  const input = await step('input', () => definition.input.load());
  const identity = identify(definition.input.label, input);
  const units = definition.units(input);
  // Before setup, which may change the input.
  const expected = await step('answer', () => definition.answer(input));
  const { run, close } = await step('setup', () => prepare(definition.ours, input));
  const async = await step('run', () => checkAnswer(run, expected));
  keepCallsApart();
  const block = async ? blockAsync(run) : blockSync(run);
  const callNs = await step('run', () => warmUp(block, Number(warmupMs), Number(blockMs)));
  globalThis.gc?.();
  await tell({ kind: 'ready', input: identity, units, version, async, callNs });
  for (;;) {
    const request = await nextRequest();
    if (request.kind === 'end') break;
    await tell(await step('run', () => serve(request, block, async)));
  }
  await step('close', close);
}

type Block = (
  iterations: number,
) => Extract<SideMessage, { kind: 'block' }> | Promise<Extract<SideMessage, { kind: 'block' }>>;

async function serve(
  request: Exclude<SideRequest, { kind: 'end' }>,
  block: Block,
  async: boolean,
): Promise<SideMessage> {
  if (request.kind === 'block') return block(request.iterations);
  const work = async
    ? async (): Promise<void> => void (await block(request.iterations))
    : (): void => void block(request.iterations);
  return { kind: 'usage', usage: await observeUsage(work, request.iterations, async) };
}

function blockSync(run: Run<unknown>): Block {
  const targets = [run, run];
  return (iterations) => {
    const cpu = process.cpuUsage();
    const start = process.hrtime.bigint();
    for (let i = 0; i < iterations; i++) sink = call(targets, i);
    return taken(start, cpu);
  };
}

function blockAsync(run: Run<unknown>): Block {
  const targets = [run, run];
  return async (iterations) => {
    const cpu = process.cpuUsage();
    const start = process.hrtime.bigint();
    for (let i = 0; i < iterations; i++) sink = await call(targets, i);
    return taken(start, cpu);
  };
}

function taken(start: bigint, cpu: NodeJS.CpuUsage): Extract<SideMessage, { kind: 'block' }> {
  const ns = Number(process.hrtime.bigint() - start);
  const { user, system } = process.cpuUsage(cpu);
  return { kind: 'block', ns, cpuNs: (user + system) * 1e3 };
}

/** Batches that double up to the length of a block, until the time is over. Returns what a run takes in the quickest batch. */
async function warmUp(block: Block, warmupMs: number, blockMs: number): Promise<number> {
  const end = performance.now() + warmupMs;
  let iterations = 1;
  let callNs = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < 2 || performance.now() < end; batch++) {
    const { ns } = await block(iterations);
    callNs = Math.min(callNs, ns / iterations);
    if (ns < blockMs * 1e6) iterations *= 2;
  }
  return callNs;
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

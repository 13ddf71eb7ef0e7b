// One launch of one contestant, in a process of its own:
//   node --conditions=@perf/source --expose-gc child.ts <case file> --list
//   node --conditions=@perf/source --expose-gc child.ts <case file> <case index> <contestant index> [timing as JSON]
import { pathToFileURL } from 'node:url';

import { contestantsOf, type BenchCase, type Contestant } from './case.ts';
import { checkAnswer, Ended, loadCases, messageOf, prepare, step } from './contestant.ts';
import { identify } from './input.ts';
import { measure } from './measure.ts';
import { bindMainThread } from './one-cpu.ts';
import { ExitCode, type ChildMessage, type Timing } from './protocol.ts';
import { builtInVersion, installedVersion } from './versions.ts';

const BY_HAND: Timing = { timeMs: 500, warmupMs: 250 };

const exitCodes: Record<ChildMessage['kind'], number> = {
  listed: ExitCode.done,
  measured: ExitCode.done,
  'wrong-answer': ExitCode.wrongAnswer,
  unavailable: ExitCode.unavailable,
  'no-input': ExitCode.noInput,
  failed: ExitCode.failed,
};

async function main(): Promise<ChildMessage> {
  const [file = '', first = '', second = '', timing] = process.argv.slice(2);
  const url = pathToFileURL(file).href;
  const cases = await loadCases(url);
  if (first === '--list') {
    return {
      kind: 'listed',
      cases: cases.map((definition) => ({
        name: definition.name,
        input: definition.input.label,
        contestants: contestantsOf(definition).map(({ name, package: from, optional }) => ({
          name,
          ...(from === undefined ? {} : { package: from }),
          ...(optional === true ? { optional } : {}),
        })),
      })),
    };
  }
  const definition = cases[Number(first)];
  const contestant = definition && contestantsOf(definition)[Number(second)];
  if (definition === undefined || contestant === undefined) {
    throw new Error(`no case ${first} with contestant ${second} in ${file}`);
  }
  return launch(url, definition, contestant, timing === undefined ? BY_HAND : (JSON.parse(timing) as Timing));
}

async function launch(
  caseFileUrl: string,
  definition: BenchCase,
  contestant: Contestant<unknown, unknown>,
  timing: Timing,
): Promise<ChildMessage> {
  const version = await step('setup', () => versionOf(contestant, caseFileUrl));
  const input = await step('input', () => definition.input.load());
  const identity = identify(definition.input.label, input);
  const units = definition.units(input);
  if (!(units.count > 0)) throw new Error(`one run must do more than 0 ${units.name}`);
  // Before setup, which may change the input.
  const expected = await step('answer', () => definition.answer(input));

  const { run, close, around } = await step('setup', () => prepare(contestant, input));
  try {
    const async = await step('run', () => checkAnswer(run, expected, around));
    // After setup: threads of a pool that the contestant has started by now stay free.
    const bound = timing.cpu !== undefined && bindMainThread(timing.cpu) ? { cpu: timing.cpu } : {};
    const measurement = { ...(await step('run', () => measure(run, async, timing, around))), ...bound };
    return { kind: 'measured', input: identity, units, version, measurement };
  } finally {
    await step('close', close);
  }
}

function versionOf(contestant: Contestant<unknown, unknown>, caseFileUrl: string): string {
  if (contestant.version !== undefined) return contestant.version;
  if (contestant.package === undefined) return builtInVersion();
  const version = installedVersion(contestant.package, caseFileUrl);
  if (version === undefined) throw new Ended({ kind: 'unavailable', reason: 'not installed' });
  return version;
}

/** Tells the parent, waits until it has left this process, and ends, whatever sockets and timers the contestant left open. */
function finish(told: ChildMessage): void {
  const exit = (): never => process.exit(exitCodes[told.kind]);
  if (process.send === undefined) {
    process.stdout.write(`${JSON.stringify(told, undefined, 2)}\n`, exit);
  } else {
    process.send(told, exit);
  }
}

// A parent that was killed takes its children with it.
process.once('disconnect', () => process.exit(ExitCode.failed));
process.channel?.unref();

main().then(finish, (error: unknown) => {
  finish(error instanceof Ended ? error.told : { kind: 'failed', where: 'case file', reason: messageOf(error) });
});

// Loads a case file as a child process of the harness does, prepares each case, runs it once, and prints what happened.
import { checkAnswer, Ended, messageOf, prepare } from '../contestant.ts';
import { loadCaseFile } from './load.ts';

const said: string[] = [];
Object.assign(globalThis, { say: (what: string) => said.push(what) });

async function main(url: string): Promise<object> {
  const found = await loadCaseFile(url);
  const loading = said.splice(0);
  const asyncs: boolean[] = [];
  for (const { ours, answer } of found) {
    const { run, close, around } = await prepare(ours, undefined);
    asyncs.push(await checkAnswer(run, await answer(undefined), around));
    await close();
  }
  return { names: found.map(({ name }) => name), loading, said, asyncs };
}

main(process.argv[2]!).then(
  (result) => process.stderr.write(JSON.stringify(result)),
  (error: unknown) => {
    const why = error instanceof Ended && 'reason' in error.told ? error.told.reason : messageOf(error);
    process.stderr.write(JSON.stringify({ error: why }));
  },
);

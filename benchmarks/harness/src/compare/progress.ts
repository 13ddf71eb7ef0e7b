import { overwrite } from '../progress.ts';
import type { StageName } from './compare.ts';
import type { StageStep } from './stages.ts';

/** One line that is written over, on a terminal; elsewhere only what is said once. */
export interface CompareProgress {
  say(line: string): void;
  stage(stage: StageName, cases: number, launches: number): void;
  step(step: StageStep): void;
  clear(): void;
}

const TITLES: Readonly<Record<StageName, string>> = {
  screen: 'first stage',
  decide: 'second stage',
  extend: 'second stage, not decided yet',
};

/** A launch on a quiet machine, start of both processes included: for the estimate before anything is known. */
const LAUNCH_SECONDS = 1;

export function compareProgress(
  stream: NodeJS.WriteStream,
  now: () => number = () => performance.now(),
): CompareProgress {
  let started = 0;
  const clear = (): void => {
    if (stream.isTTY) overwrite(stream);
  };
  const say = (line: string): void => {
    clear();
    stream.write(`${line}\n`);
  };
  return {
    say,
    clear,
    stage: (stage, cases, launches) => {
      started = now();
      // The canary has about as many launches as a case.
      const seconds = (cases + 1) * launches * LAUNCH_SECONDS;
      const count = `${cases} ${cases === 1 ? 'case' : 'cases'}, ${launches} ${stage === 'extend' ? 'more ' : ''}launches each`;
      say(`${TITLES[stage]}: ${count}, about ${duration(seconds)}`);
    },
    step: ({ done, total, compared }) => {
      if (!stream.isTTY) return;
      const left = done === 0 ? '' : `, ${duration((((now() - started) / done) * (total - done)) / 1e3)} left`;
      const text = `${done + 1}/${total}${left}: ${compared.package}: ${compared.name}`;
      overwrite(stream, text);
    },
  };
}

export function duration(seconds: number): string {
  return seconds < 99.5 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}

import { overwrite } from '../progress.ts';
import type { StageStep } from './stages.ts';

/** One line that is written over, on a terminal; elsewhere only what is said once. */
export interface CompareProgress {
  say(line: string): void;
  stage(stage: 'screen' | 'decide', cases: number, launches: number): void;
  step(step: StageStep): void;
  clear(): void;
}

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
      const what = stage === 'screen' ? 'first stage' : 'second stage';
      say(`${what}: ${cases} ${cases === 1 ? 'case' : 'cases'}, ${launches} launches each, about ${duration(seconds)}`);
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

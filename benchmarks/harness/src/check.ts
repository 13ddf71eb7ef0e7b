import type { CaseResult, ContestantResult } from './result.ts';

/** One line per case for `--check`: what matters is that every contestant is there and gives the answer. */
export function checkLine(result: CaseResult): string {
  const title = `${result.package}: ${result.name}`;
  const absent = result.contestants.filter(({ status }) => status !== 'measured');
  const reasons = absent.map(
    ({ name, status, reason }) => `${name} ${status}${reason === undefined ? '' : ` (${reason})`}`,
  );
  if (!passes(result)) {
    return `FAILED ${title}: ${[result.error, ...reasons].filter((each) => each !== undefined).join('; ')}`;
  }
  const present = result.contestants.length - absent.length;
  const same = present === 1 ? '1 contestant gives the same answer' : `${present} contestants give the same answer`;
  return `ok ${title}: ${[same, ...reasons].join('; ')}`;
}

/** A missing peer is a row in a report, but a failure here: nobody would notice that it is never compared with. */
export function passes({ status, contestants }: CaseResult): boolean {
  return status === 'measured' && contestants.every((each) => each.status === 'measured' || mayBeMissing(each));
}

function mayBeMissing({ status, optional }: ContestantResult): boolean {
  return status === 'missing' && optional === true;
}

/** `N passed, N failed`. */
export function checkFooter(results: readonly CaseResult[]): string {
  const passed = results.filter(passes).length;
  return `${passed} passed, ${results.length - passed} failed`;
}

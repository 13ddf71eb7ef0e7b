import { isMeasured, type PackageCounts } from './counts.ts';

/** The numbers of runs of earlier counts: of one package, or an array of them. */
export function runsFrom(
  counts: PackageCounts | readonly PackageCounts[],
): (found: { file: string; name: string }) => number | undefined {
  const runs = new Map<string, number>();
  for (const { cases } of [counts].flat() as readonly PackageCounts[]) {
    for (const { file, name, instructions } of cases) {
      if (isMeasured(instructions)) runs.set(`${file}\n${name}`, instructions.runs);
    }
  }
  return ({ file, name }) => runs.get(`${file}\n${name}`);
}

import { chooseInRepository } from './cli/choose.ts';
import { UsageError } from './command.ts';
import { benchmarkPackages } from './discover.ts';
import { inRepository } from './layout.ts';

/** The packages whose cases a command is about: those that its arguments name, each once, else all. Throws UsageError. */
export function choosePackages(root: string, asked: readonly string[]): readonly string[] {
  if (inRepository()) return chooseInRepository(root, asked);
  const known = benchmarkPackages(root);
  if (known.length === 0) throw new UsageError(`no benchmarks/ in ${root}: run this from the root of the repository`);
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new UsageError(`no benchmarks of ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return asked.length === 0 ? known : [...new Set(asked)];
}

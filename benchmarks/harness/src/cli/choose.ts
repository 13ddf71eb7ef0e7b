import { UsageError } from '../command.ts';
import { benchmarkPackages } from '../discover.ts';
import { layout } from '../layout.ts';
import { namesFiles, onlyFiles } from './files.ts';

/** The packages that arguments name: folders by the name that reports give them, or case files by path or glob. Throws UsageError. */
export function chooseInRepository(root: string, given: readonly string[]): readonly string[] {
  const known = benchmarkPackages(root);
  const packages = given.filter((each) => known.includes(each));
  const files = given.filter((each) => !known.includes(each));
  const unknown = files.filter((each) => !namesFiles(root, each));
  if (unknown.length > 0) {
    const there = known.length === 0 ? 'there are no case files here' : `there are ${known.join(', ')}`;
    throw new UsageError(`neither a file nor a folder with case files: ${unknown.join(', ')}; ${there}`);
  }
  if (files.length > 0 && packages.length > 0) {
    throw new UsageError(`name packages (${packages.join(', ')}) or files (${files.join(', ')}), not both`);
  }
  onlyFiles(files);
  const found = files.length === 0 ? known : benchmarkPackages(root);
  if (found.length === 0) {
    throw new UsageError(
      `no case files: ${files.length === 0 ? `none is called ${layout().cases}` : files.join(', ')}`,
    );
  }
  return packages.length === 0 ? found : [...new Set(packages)];
}

/** The platforms that the addon is built for; `npm/` has one package for each. */
export const TARGETS: readonly string[] = [
  'linux-x64-gnu',
  'linux-arm64-gnu',
  'linux-x64-musl',
  'linux-arm64-musl',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64-msvc',
  'win32-arm64-msvc',
];

/** The running platform, in the words of npm packages: `linux-x64-gnu`. Not every one is in {@link TARGETS}. */
export function currentTarget(): string {
  const name = `${process.platform}-${process.arch}`;
  if (process.platform === 'linux') return `${name}-${glibcVersion() === undefined ? 'musl' : 'gnu'}`;
  return process.platform === 'win32' ? `${name}-msvc` : name;
}

/** What a person needs to tell machines apart: `linux-x64-gnu, glibc 2.36, Node v26.10.0`. */
export function describePlatform(): string {
  const glibc = glibcVersion();
  return `${currentTarget()}, ${glibc === undefined ? '' : `glibc ${glibc}, `}Node ${process.version}`;
}

/** The version of the C library that Node was started with; undefined where that is not glibc. */
function glibcVersion(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const { report } = process as { report: { excludeNetwork?: boolean; getReport(): object } };
  // The report resolves the names of open connections unless told not to, which can take seconds.
  const before = report.excludeNetwork;
  report.excludeNetwork = true;
  try {
    const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } };
    return header.glibcVersionRuntime;
  } finally {
    report.excludeNetwork = before ?? false;
  }
}

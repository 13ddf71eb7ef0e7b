import { isAbsolute } from 'node:path';

/**
 * Where a child takes the packages that are compared from. Case files, the harness and everything that a case compares with always are
 * head's, so that a changed benchmark cannot look like a changed package.
 */
export interface Resolution {
  /** File URL of head's `benchmarks/` folder, with a slash at the end. Only imports of files in it are redirected; with `repository`, those of the side's files, too. */
  readonly cases: string;
  /** File URL of a file in the folder whose `node_modules` has the compared packages. */
  readonly from: string;
  /** Names of the compared packages. */
  readonly names: readonly string[];
  /** File URL of the folder that they must be found in, with a slash: a base inside head's folder would fall back to head's packages. */
  readonly within: string;
  /** File URLs of head's and this side's `packages/` folder: for cases that import a source file. Absent for a published package. */
  readonly sources?: { readonly head: string; readonly side: string };
  /**
   * In somebody else's repository, where cases lie anywhere: the folders of head and of the side, which is absent for a published package,
   * and what is head's on both sides. Instead of `sources`.
   */
  readonly repository?: { readonly head: string; readonly side?: string; readonly kept: readonly string[] };
}

/** The environment variable that a child finds its `Resolution` in. */
export const RESOLUTION = 'PERF_BENCH_RESOLUTION';

export type Resolve = (specifier: string, parentUrl: string | undefined) => string;

/** The URL that `specifier` stands for on a side; `next` is Node's own resolution. */
export function resolveForSide(
  resolution: Resolution,
  specifier: string,
  parentUrl: string | undefined,
  next: Resolve,
): string {
  const ofSide = resolution.repository !== undefined && parentUrl?.startsWith(resolution.within) === true;
  if (parentUrl === undefined || !(ofSide || parentUrl.startsWith(resolution.cases))) return next(specifier, parentUrl);
  if (resolution.names.includes(packageName(specifier))) {
    const url = next(specifier, resolution.from);
    if (url.startsWith(resolution.within)) return url;
    throw new Error(`${specifier} is not there on this side: Node found ${url}`);
  }
  const url = next(specifier, parentUrl);
  if (resolution.repository !== undefined) return inRepository(resolution.repository, url, parentUrl, next);
  const { sources } = resolution;
  if (sources === undefined || !url.startsWith(sources.head)) return url;
  return sources.side + url.slice(sources.head.length);
}

/** Everything that head's folder has belongs to the compared version, but what is installed, what is hidden, and the cases. */
function inRepository(
  { head, side, kept }: NonNullable<Resolution['repository']>,
  url: string,
  parentUrl: string,
  next: Resolve,
): string {
  if (side === head || !url.startsWith(head)) return url;
  const path = url.slice(head.length);
  if (/(?:^|\/)node_modules\//.test(path) || path.startsWith('.perf/')) return url;
  if (kept.some((each) => (each.endsWith('/') ? url.startsWith(each) : url.replace(/[?#].*$/, '') === each)))
    return url;
  if (side === undefined) {
    throw new Error(
      `${path} is imported by its path: of a published version only what is imported by name can be compared`,
    );
  }
  // Asked again, because the side's manifest says what kind of module it is.
  return next(side + path, parentUrl);
}

/** `@scope/name` of `@scope/name/sub`, `name` of `name/sub`; what is no package stays as it is. */
export function packageName(specifier: string): string {
  if (specifier.startsWith('.') || isAbsolute(specifier) || specifier.includes(':')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

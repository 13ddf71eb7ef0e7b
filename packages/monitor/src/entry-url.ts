/**
 * Where a file that is started by its path lies: beside this one in the sources, and in the root of `dist` when built
 * (this module ends up there, in whichever chunk). `entry` is without its ending: `exchange/process`.
 */
export function entryUrl(entry: string): URL {
  return new URL(`./${entry}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
}

/**
 * The URL of a module of this package that threads load by path: `.ts` when the sources run as they are, `.js` when
 * built. In the build this function may live in a shared chunk, which lies in the same folder as the entries.
 */
export function entryUrl(name: 'thread' | 'chunk'): URL {
  return new URL(`./${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
}

/** The URL of a module that a process is started with, by its path without extension: `.ts` beside sources, `.js` beside what is built. */
export function beside(path: string, importMetaUrl: string): URL {
  return new URL(path + (importMetaUrl.endsWith('.ts') ? '.ts' : '.js'), importMetaUrl);
}

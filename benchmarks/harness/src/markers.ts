/** The text with what is between `<!-- name:start -->` and `<!-- name:end -->` replaced, or undefined without that pair. */
export function between(text: string, name: string, lines: () => readonly string[]): string | undefined {
  const opening = `<!-- ${name}:start -->`;
  const start = text.indexOf(opening);
  const end = text.indexOf(`<!-- ${name}:end -->`);
  if (start === -1 || end < start) return undefined;
  return `${text.slice(0, start)}${opening}\n${lines().join('\n')}\n${text.slice(end)}`;
}

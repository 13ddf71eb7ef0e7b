/**
 * The example with which a README introduces its package: the first ```js block, else the first `npx perf-monitor` line of
 * a ```sh block.
 * @param {string} readme Markdown
 * @returns {{ kind: 'js', code: string } | { kind: 'sh', program: string, args: string[] } | undefined}
 */
export function firstExample(readme) {
  const blocks = [...readme.matchAll(/^```(\w+)[^\n]*\n(.*?)^```\s*$/gms)].map(([, language, code]) => ({
    language,
    code,
  }));
  const script = blocks.find(({ language }) => language === 'js' || language === 'javascript');
  if (script) return { kind: 'js', code: script.code };
  for (const { language, code } of blocks) {
    if (!['sh', 'bash', 'shell'].includes(language)) continue;
    for (const line of code.split('\n')) {
      const command = /^(?:\$ )?npx (perf-monitor)\b(.*)$/.exec(line.trim());
      if (command)
        return {
          kind: 'sh',
          program: command[1],
          args: command[2].replace(/#.*$/, '').trim().split(/\s+/).filter(Boolean),
        };
    }
  }
  return undefined;
}

import { styleText } from 'node:util';

export type StyleName = 'bold' | 'dim' | 'red' | 'yellow';

/** What the place that text goes to can show. */
export interface Terminal {
  readonly width: number;
  readonly unicode: boolean;
  style(name: StyleName, text: string): string;
}

/** Files and pipes: no colour, no width. */
export const plain: Terminal = { width: Number.POSITIVE_INFINITY, unicode: true, style: (_name, text) => text };

/** Reads NO_COLOR, FORCE_COLOR, the locale and the width. */
export function terminalOf(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Terminal {
  return {
    width: stream.isTTY ? stream.columns : Number.POSITIVE_INFINITY,
    unicode: showsUnicode(environment),
    style: (name, text) => styleText(name, text, { stream, validateStream: true }),
  };
}

/** Writes lines as the place that they go to can show them. */
export function printer(stream: NodeJS.WriteStream, { unicode }: Terminal): (lines: readonly string[]) => void {
  return (lines) => {
    const text = `${lines.join('\n')}\n`;
    stream.write(unicode ? text : toAscii(text));
  };
}

/** By the locale's own order of precedence: LC_ALL, LC_CTYPE, LANG. Windows has none of them and shows Unicode. */
export function showsUnicode(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'];
  if (locale === undefined || locale === '') return platform === 'win32';
  return /utf-?8/i.test(locale);
}

const ASCII: Record<string, string> = {
  '×': 'x',
  '–': '-',
  µ: 'u',
  '…': '...',
  // The ruler of ratios: one for one, so that columns stay in line.
  '├': '|',
  '┤': '|',
  '─': '-',
  '│': '+',
  '┼': '+',
  '●': 'o',
  '·': ':',
  '◀': '<',
  '▶': '>',
  // Signs of changes.
  '→': '->',
  '−': '-',
};

/** The characters that reports themselves use, in ASCII. Names keep theirs. */
export function toAscii(text: string): string {
  return text.replaceAll(/[×–µ…├┤─│┼●·◀▶→−]/g, (character) => ASCII[character]!);
}

import { styleText } from 'node:util';

/** Wraps a text in a colour, or returns it as it is. */
export type Style = (text: string) => string;

/** The colours of one output stream. All of them return the text unchanged when `enabled` is false. */
export interface Palette {
  readonly enabled: boolean;
  readonly bold: Style;
  readonly dim: Style;
  readonly red: Style;
  readonly green: Style;
  readonly yellow: Style;
  readonly cyan: Style;
}

/** What decides about colour: a stream, as far as it matters here. */
export interface StyledStream {
  readonly isTTY?: boolean | undefined;
}

/**
 * The colours for a stream: none unless it is a terminal. The environment decides as in Node itself: `FORCE_COLOR`
 * (anything but `0` and `false`) turns them on and wins over `NO_COLOR` (anything but empty), which turns them off, as
 * does `TERM=dumb`.
 */
export function palette(
  stream: StyledStream,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Palette {
  return wantsColor(stream, env) ? COLORS : PLAIN;
}

function wantsColor(stream: StyledStream, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false';
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return false;
  return stream.isTTY === true;
}

const unchanged: Style = (text) => text;

const PLAIN: Palette = Object.freeze({
  enabled: false,
  bold: unchanged,
  dim: unchanged,
  red: unchanged,
  green: unchanged,
  yellow: unchanged,
  cyan: unchanged,
});

const COLORS: Palette = Object.freeze({
  enabled: true,
  bold: colored('bold'),
  dim: colored('dim'),
  red: colored('red'),
  green: colored('green'),
  yellow: colored('yellow'),
  cyan: colored('cyan'),
});

// The stream was judged above; styleText would judge process.stdout again.
function colored(format: Exclude<keyof Palette, 'enabled'>): Style {
  return (text) => styleText(format, text, { validateStream: false });
}

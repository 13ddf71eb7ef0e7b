import { OPEN_BRACKET } from '../scan-tokens.ts';

/**
 * What goes around rows:
 *
 *     lines     {…}⏎{…}⏎
 *     array    [{…},{…}]
 *
 * The rows of an array are written with a comma before them, so that all are alike; that of the first becomes a bracket.
 */
export interface RowFrame {
  readonly lead: string;
  readonly tail: string;
  /** The byte that replaces the first one of all. */
  readonly open: number | undefined;
  readonly close: Uint8Array;
  /** The text of no rows at all. */
  readonly empty: Uint8Array;
}

export const LINES: RowFrame = {
  lead: '',
  tail: '\n',
  open: undefined,
  close: new Uint8Array(0),
  empty: new Uint8Array(0),
};

export const ARRAY: RowFrame = {
  lead: ',',
  tail: '',
  open: OPEN_BRACKET,
  close: new TextEncoder().encode(']'),
  empty: new TextEncoder().encode('[]'),
};

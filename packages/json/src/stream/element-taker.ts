import type { Window } from './window.ts';

/** What became of the elements in the window. */
export type Taken =
  /** All whole ones are taken. */
  | 'more'
  /** Enough for a batch: there may be others. */
  | 'full'
  /** As those; `window.from` is at the closing bracket. */
  | 'closed'
  /** None is taken, for the one at `window.from` is wrong, cut off or too large: the scan of the document says which. */
  | 'refused';

/** Limits of one element. */
export interface ElementLimits {
  /** Brackets that may be open inside the array. */
  readonly maxDepth: number;
  readonly maxElementBytes: number;
}

/**
 * Takes the elements of an array out of a window. One is taken when the comma or bracket behind it is there: not before, since
 * `1` may be the start of `12`, and `1` before a brace is an element of nothing.
 */
export interface ElementTaker<Batch> {
  /** Elements taken so far. */
  readonly count: number;
  /** The element at `window.from` was refused for having more than `maxElementBytes`. */
  readonly isTooLarge: boolean;
  /** The engine's error for what was refused. */
  readonly cause: unknown;
  /** Takes from `window.from` on, and moves it behind what was taken. */
  take(window: Window): Taken;
  /** What was taken since the last call; undefined for nothing. To be called after each `take`. */
  batch(): Batch | undefined;
  /** Why the refused element is not what was asked for, though it is JSON. */
  fault(window: Window): Error | undefined;
}

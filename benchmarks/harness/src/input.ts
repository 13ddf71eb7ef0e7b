import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { serialize } from 'node:v8';

import { randomNumbers } from './random.ts';

/** Where the input of a case comes from, and how to name it in a report. */
export interface InputSource<Input> {
  /** `corpus json/twitter.json`, `seed 42`, `value`. */
  readonly label: string;
  load(): Input | Promise<Input>;
}

/** Enough to know that two runs had the same input. */
export interface InputIdentity {
  readonly label: string;
  /** Of bytes and text; other values have no size of their own. */
  readonly bytes?: number;
  /** Hexadecimal; of the bytes, the text in UTF-8, or the structured clone of anything else. Absent for what cannot be cloned. */
  readonly sha256?: string;
}

/** A file of the corpora is not there. The message names the path and what to do. */
export class MissingCorpus extends Error {
  readonly path: string;
  constructor(path: string, cause: unknown) {
    super(
      `no corpus file ${path}: fetch the corpora with "npm run corpora", or set PERF_CORPORA to a folder that has them`,
      { cause },
    );
    this.name = 'MissingCorpus';
    this.path = path;
  }
}

/** The folder of real data: `PERF_CORPORA`, else `.corpora` in the current folder (the root of the repository). */
export function corporaFolder(): string {
  const folder = process.env['PERF_CORPORA'];
  return resolve(folder === undefined || folder === '' ? '.corpora' : folder);
}

/** A file of the corpora as bytes. `path` is relative to their folder: `json/twitter.json`. */
export function corpus(path: string): InputSource<Buffer> {
  if (path === '' || isAbsolute(path) || path.split(/[\\/]/).includes('..')) {
    throw new TypeError(`corpus path "${path}" must be relative to the corpora folder and stay inside it`);
  }
  return {
    label: `corpus ${path}`,
    load: () => {
      const file = join(corporaFolder(), path);
      try {
        return readFileSync(file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new MissingCorpus(file, error);
        throw error;
      }
    },
  };
}

/** Input made from numbers in [0, 1) that are the same for the same seed. `make` must use no other source of chance. */
export function seeded<Input>(
  seed: number,
  make: (random: () => number) => Input | Promise<Input>,
): InputSource<Input> {
  if (!Number.isSafeInteger(seed)) throw new TypeError(`seed ${String(seed)} must be a safe integer`);
  return { label: `seed ${seed}`, load: () => make(randomNumbers(seed)) };
}

/** A fixed value. Contestants run in their own processes, so none sees what another did to it. */
export function value<Input>(input: Input): InputSource<Input> {
  return { label: 'value', load: () => input };
}

/** Names an input by size and content. Cost: one pass over it. */
export function identify(label: string, input: unknown): InputIdentity {
  if (input === undefined) return { label };
  if (typeof input === 'string' || input instanceof Uint8Array) {
    const bytes = typeof input === 'string' ? Buffer.byteLength(input) : input.byteLength;
    return { label, bytes, sha256: sha256(input) };
  }
  try {
    return { label, sha256: sha256(serialize(input)) };
  } catch {
    // Functions, promises and the like have no structured clone.
    return { label };
  }
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

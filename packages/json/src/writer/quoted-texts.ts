import type { TextDictionary } from '../decoder/text-dictionary.ts';

const encoder = new TextEncoder();
/** Up to here a loop is quicker than a call. */
const MAX_LOOP = 48;

/** A text as a JSON string, in bytes. */
export function quotedBytes(text: string): Uint8Array {
  return encoder.encode(JSON.stringify(text));
}

/** The texts of a dictionary as JSON strings, each escaped and encoded once. */
export class QuotedTexts {
  readonly #dictionary: TextDictionary;
  readonly #quoted: Uint8Array[] = [];

  constructor(dictionary: TextDictionary) {
    this.#dictionary = dictionary;
  }

  /** Undefined for an integer that has no text. */
  at(index: number): Uint8Array | undefined {
    if (index >= this.#quoted.length) this.#catchUp();
    return index < 0 ? undefined : this.#quoted[index];
  }

  /** Texts are only ever added to a dictionary. In order, so that the array has no holes. */
  #catchUp(): void {
    for (let index = this.#quoted.length; index < this.#dictionary.size; index++) {
      this.#quoted.push(quotedBytes(this.#dictionary.textOf(index) as string));
    }
  }
}

/** Copies a short run of bytes and returns the end. */
export function writeBytes(bytes: Uint8Array, at: number, run: Uint8Array): number {
  const { length } = run;
  if (length > MAX_LOOP) bytes.set(run, at);
  else for (let place = 0; place < length; place++) bytes[at + place] = run[place];
  return at + length;
}

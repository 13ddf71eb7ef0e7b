import type { TextDictionary } from '../decoder/text-dictionary.ts';
import { runOf, type Run } from './run.ts';

const encoder = new TextEncoder();

/** A text as a JSON string. */
export function quoted(text: string): Run {
  return runOf(encoder.encode(JSON.stringify(text)));
}

/** The texts of a dictionary as JSON strings, each escaped and encoded once. */
export class QuotedTexts {
  readonly #dictionary: TextDictionary;
  readonly #quoted: Run[] = [];

  constructor(dictionary: TextDictionary) {
    this.#dictionary = dictionary;
  }

  /** Undefined for an integer that has no text. */
  at(index: number): Run | undefined {
    if (index >= this.#quoted.length) this.#catchUp();
    return index < 0 ? undefined : this.#quoted[index];
  }

  /** Texts are only ever added to a dictionary. In order, so that the array has no holes. */
  #catchUp(): void {
    for (let index = this.#quoted.length; index < this.#dictionary.size; index++) {
      this.#quoted.push(quoted(this.#dictionary.textOf(index) as string));
    }
  }
}

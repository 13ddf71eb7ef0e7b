import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

import type { Store } from './store.ts';

const SUFFIX = '.jsonl';

/**
 * `<folder>/<package>.jsonl`. A line is one write to a file opened for appending, which local file systems put at the end whole even
 * when several processes append; no lock can be left behind. A line that a crash or a full disk cut short stays as it is: the next one begins
 * on a line of its own.
 */
export function folderStore(where: string, root: string): Store {
  const folder = resolve(root, where);
  const pathOf = (name: string): string => join(folder, name + SUFFIX);
  return {
    label: where,
    packages: () =>
      existsSync(folder)
        ? readdirSync(folder)
            .filter((file) => file.endsWith(SUFFIX))
            .map((file) => file.slice(0, -SUFFIX.length))
            .sort()
        : [],
    read: (name) => (existsSync(pathOf(name)) ? readFileSync(pathOf(name), 'utf8') : ''),
    append(added) {
      mkdirSync(folder, { recursive: true });
      for (const [name, text] of added) appendWhole(pathOf(name), text);
    },
  };
}

function appendWhole(path: string, text: string): void {
  const file = openSync(path, 'a+');
  try {
    // Two that see the same cut line leave an empty line, which readers skip.
    const bytes = Buffer.from(endsInside(file) ? `\n${text}` : text);
    const written = writeSync(file, bytes);
    if (written !== bytes.length) throw new Error(`${path}: only ${written} of ${bytes.length} bytes were written`);
  } finally {
    closeSync(file);
  }
}

function endsInside(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}

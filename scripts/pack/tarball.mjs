import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const BLOCK = 512;

/**
 * The files of an npm tarball: names without the leading `package/`, and their bytes.
 * @param {string} file
 * @returns {{ file: string, packedBytes: number, unpackedBytes: number, files: Map<string, Buffer>, manifest: Record<string, any> }}
 */
export function readTarball(file) {
  const packed = readFileSync(file);
  const files = unpack(gunzipSync(packed));
  const unpackedBytes = [...files.values()].reduce((sum, content) => sum + content.length, 0);
  const manifest = JSON.parse(files.get('package.json')?.toString() ?? '{}');
  return { file, packedBytes: packed.length, unpackedBytes, files, manifest };
}

/** ustar as npm writes it: a header block, then the content padded to whole blocks. Long names come as `prefix`, or as a
 * `path` record before the file. */
function unpack(tar) {
  const files = new Map();
  let longName;
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const text = (offset, length) => tar.toString('latin1', at + offset, at + offset + length).split('\0', 1)[0];
    const size = Number.parseInt(text(124, 12), 8);
    const type = text(156, 1);
    const content = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (type === 'x') {
      longName = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(content.toString())?.[1];
    } else {
      const name = longName ?? [text(345, 155), text(0, 100)].filter(Boolean).join('/');
      longName = undefined;
      if (type === '0' || type === '') files.set(name.replace(/^[^/]*\//, ''), content);
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

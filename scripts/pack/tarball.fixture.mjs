import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BLOCK = 512;

/** Writes a tarball as npm does: ustar, everything under `package/`. */
export function writeTarball(file, contents) {
  const blocks = [];
  for (const [name, text] of Object.entries(contents)) {
    const content = Buffer.from(text);
    const full = `package/${name}`;
    // Names of more than 100 bytes are split at a slash into prefix and name.
    const cut = full.length > 100 ? full.lastIndexOf('/', full.length - 1) : -1;
    const header = Buffer.alloc(BLOCK);
    header.write(full.slice(cut + 1), 0);
    header.write(content.length.toString(8).padStart(11, '0'), 124);
    header.write('0', 156);
    header.write('ustar', 257);
    if (cut > 0) header.write(full.slice(0, cut), 345);
    blocks.push(header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK));
  }
  blocks.push(Buffer.alloc(2 * BLOCK));
  writeFileSync(file, gzipSync(Buffer.concat(blocks)));
}

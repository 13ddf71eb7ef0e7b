const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The verdict that every other is held against: `JSON.parse` of strictly decoded bytes. */
export function engineAccepts(bytes: Uint8Array): boolean {
  try {
    JSON.parse(decoder.decode(bytes));
    return true;
  } catch {
    return false;
  }
}

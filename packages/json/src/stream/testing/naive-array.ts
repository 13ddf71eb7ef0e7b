import { findFault } from '../../scan-document.ts';

/** What a stream of the array that is the document gives: all of its elements, or those before the fault. */
export function naiveElements(bytes: Buffer): unknown[] {
  const fault = findFault(bytes, 0xffff_ffff);
  const text = bytes.toString('latin1', 0, fault?.byteOffset ?? bytes.length);
  // The longest piece that is an array when it ends with a bracket in place of what separates it from the rest.
  for (let at = text.length - 1; at > 0; at--) {
    if (text[at] !== ']' && text[at] !== ',') continue;
    try {
      const value: unknown = JSON.parse(`${bytes.toString('utf8', 0, at)}]`);
      if (Array.isArray(value)) return value as unknown[];
    } catch {
      // Inside an element.
    }
  }
  return [];
}

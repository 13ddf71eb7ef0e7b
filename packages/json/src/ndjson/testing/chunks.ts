/** The bytes in chunks of these sizes, one turn of the event loop apart where asked. */
export function* chunksOf(bytes: Uint8Array, size: () => number): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length;) {
    const end = at + Math.max(1, size());
    yield bytes.subarray(at, end);
    at = end;
  }
}

/** Everything that batches hold, and the error that ended them. */
export async function drained<Batch>(
  batches: AsyncIterable<Batch>,
): Promise<{ readonly batches: Batch[]; readonly error: unknown }> {
  const all: Batch[] = [];
  try {
    for await (const batch of batches) all.push(batch);
    return { batches: all, error: undefined };
  } catch (error) {
    return { batches: all, error };
  }
}

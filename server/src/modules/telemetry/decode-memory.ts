import { type DecodeMemory, newDecodeMemory } from './core/index.ts'

/** What a way in remembers of its senders' names. */
export function openDecodeMemory(): DecodeMemory {
  let view: Buffer = Buffer.alloc(0)
  const viewOf = (bytes: Uint8Array): Buffer => {
    if (view.buffer !== bytes.buffer || view.byteOffset !== bytes.byteOffset || view.length !== bytes.length)
      view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return view
  }
  return newDecodeMemory(
    // One character for each byte.
    (bytes, start, end) => viewOf(bytes).toString('latin1', start, end),
    (bytes, start, known) => viewOf(bytes).compare(known, 0, known.length, start, start + known.length) === 0,
  )
}

import { type DecodeMemory, newDecodeMemory } from './core/index.ts'

/** What a way in remembers of its senders' names. */
export function openDecodeMemory(): DecodeMemory {
  let view: Buffer = Buffer.alloc(0)
  const viewOf = (bytes: Uint8Array): Buffer => {
    if (view.buffer !== bytes.buffer || view.byteOffset !== bytes.byteOffset || view.length !== bytes.length)
      view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return view
  }
  // One character for each byte.
  return newDecodeMemory((bytes, start, end) => viewOf(bytes).toString('latin1', start, end))
}

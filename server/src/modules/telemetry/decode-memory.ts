import { type DecodeMemory, newDecodeMemory } from './core/index.ts'

/** What a way in remembers of its senders' names. */
export function openDecodeMemory(): DecodeMemory {
  let view: Buffer = Buffer.alloc(0)
  return newDecodeMemory((bytes, start, end) => {
    if (view.buffer !== bytes.buffer || view.byteOffset !== bytes.byteOffset || view.length !== bytes.length)
      view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    // One character for each byte.
    return view.toString('latin1', start, end)
  })
}

// The shape of the journal on disk: length, CRC-32, bytes, again and again. A tail that was torn by a crash is found by
// its length or its sum and cut; whatever stands before it is whole.

/** Four bytes of length and four of the sum, big-endian. */
export const frameHeaderBytes = 8
/** One intake of a thousand large signals is below this; a length above it is no length. */
export const mostFrameBytes = 16 * 1024 * 1024

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  return sum >>> 0
})

export function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) sum = (sum >>> 8) ^ (table[(sum ^ byte) & 0xff] ?? 0)
  return (sum ^ 0xffffffff) >>> 0
}

export function frame(payload: Uint8Array): Uint8Array {
  if (payload.length === 0 || payload.length > mostFrameBytes)
    throw new RangeError(`A frame holds 1 to ${mostFrameBytes} bytes, not ${payload.length}.`)
  const framed = new Uint8Array(frameHeaderBytes + payload.length)
  const view = new DataView(framed.buffer)
  view.setUint32(0, payload.length)
  view.setUint32(4, crc32(payload))
  framed.set(payload, frameHeaderBytes)
  return framed
}

export interface ReadFrames {
  readonly payloads: readonly Uint8Array[]
  /** Bytes up to the end of the last whole frame; what follows was torn. */
  readonly whole: number
}

export function readFrames(bytes: Uint8Array): ReadFrames {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const payloads: Uint8Array[] = []
  let at = 0
  while (at + frameHeaderBytes <= bytes.length) {
    const length = view.getUint32(at)
    const end = at + frameHeaderBytes + length
    if (length === 0 || length > mostFrameBytes || end > bytes.length) break
    const payload = bytes.subarray(at + frameHeaderBytes, end)
    if (crc32(payload) !== view.getUint32(at + 4)) break
    payloads.push(payload)
    at = end
  }
  return { payloads, whole: at }
}

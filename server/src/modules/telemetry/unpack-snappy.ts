// A body of remote write out of its packing, and what is said of one that cannot be had out of it.
import { uncompress } from 'snappyjs'
import { AppError } from '../../kernel/app-error.ts'

/** Once unpacked: snappy says its length first, so a small body cannot become a large one unseen. */
const unpackedLimit = 32 * 1024 * 1024

export function unpackBody(body: Buffer): Uint8Array {
  // The length stands in front as a varint: of up to five bytes.
  let [length, scale] = [0, 1]
  for (const byte of body.subarray(0, 5)) {
    length += (byte & 0x7f) * scale
    scale *= 128
    if (byte < 0x80) break
  }
  if (length > unpackedLimit)
    throw new AppError(
      'invalid',
      'http.too-large',
      `The body is larger than ${unpackedLimit / 1024 / 1024} MiB once unpacked. Send smaller batches (max_samples_per_send).`,
    )
  try {
    return uncompress(new Uint8Array(body.buffer, body.byteOffset, body.byteLength), unpackedLimit)
  } catch {
    throw new AppError('invalid', 'http.unreadable', 'The body says snappy and is not.')
  }
}

// UUID version 7 sorts by time, so indexes grow at their end; version 8 (RFC 9562) is made by a rule of one's own.
import { createHash, randomBytes } from 'node:crypto'

export function newId(): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(Date.now(), 0, 6)
  return written(bytes, 7)
}

/** Whoever makes it again, also a process that cannot ask the database, makes the same. `since`: begins with that time, as others do. */
export function uuidOf(words: string, since: number | null = null): string {
  const bytes = createHash('sha256').update(`mainstay name\n${words}`).digest().subarray(0, 16)
  if (since !== null) bytes.writeUIntBE(since, 0, 6)
  return written(bytes, 8)
}

function written(bytes: Buffer, version: number): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

// The name of a page, made from what it is: whoever makes the same page again, also another process that cannot ask
// the database, gives it the same name, and with it its messages the same keys.
import { createHash } from 'node:crypto'

/** A UUID of version 8 (RFC 9562: made by a rule of one's own) from any words. */
export function uuidOf(words: string): string {
  const bytes = createHash('sha256').update(`mainstay name\n${words}`).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A webhook at one step; no person has the name of this page. */
export function webhookPageIdOf(escalation: string, step: number, webhook: string): string {
  return uuidOf(`webhook page\n${escalation}\n${step}\n${webhook}`)
}

/** Steps are counted over the whole escalation, so one of them is one page to one person. */
export function pageIdOf(escalation: string, step: number, person: string): string {
  return uuidOf(`page\n${escalation}\n${step}\n${person}`)
}

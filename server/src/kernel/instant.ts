// Instants are whole milliseconds since 1970-01-01T00:00:00Z, UTC. Zones belong to oncall and calendar windows.

declare const instantMark: unique symbol
export type Instant = number & { readonly [instantMark]: true }

export function instant(epochMs: number): Instant {
  if (!Number.isSafeInteger(epochMs)) throw new RangeError(`Not an instant: ${epochMs}`)
  return epochMs as Instant
}

// Year 1 to 9999: what RFC 3339 and PostgreSQL can both write.
const earliest = Date.UTC(0, 0, 1) - 1899 * 31_556_952_000
const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/

/** Reads RFC 3339; null when it is not, or names a day that does not exist (30 February). */
export function parseInstant(text: string): Instant | null {
  const match = rfc3339.exec(text)
  if (match === null) return null
  const [, year, month, day] = match.map(Number)
  const daysInMonth = new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate()
  if (day === undefined || month === undefined || month < 1 || month > 12 || day < 1 || day > daysInMonth) return null
  const ms = Date.parse(text)
  if (!Number.isFinite(ms) || ms < earliest || ms > latest) return null
  return ms as Instant
}

/** RFC 3339 in UTC with milliseconds. */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString()
}

export function plus(at: Instant, durationMs: number): Instant {
  return instant(at + durationMs)
}

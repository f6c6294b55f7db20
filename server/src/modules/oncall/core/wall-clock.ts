// Wall-clock time in a named zone, and the one rule that turns it into instants for generated boundaries.
// A wall time is counted in milliseconds as if the local calendar were UTC, so turns are plain integer arithmetic.
import { Temporal } from 'temporal-polyfill'
import type { Fault } from '../../../kernel/app-error.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { nearest } from '../../../kernel/names.ts'

declare const wallMark: unique symbol
export type Wall = number & { readonly [wallMark]: true }

export function wall(localMs: number): Wall {
  if (!isWall(localMs)) throw new RangeError(`Not a wall time: ${localMs}`)
  return localMs
}

function isWall(localMs: number): localMs is Wall {
  return Number.isSafeInteger(localMs)
}

const localPattern = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2}))?$/

/** Reads `2026-03-29T02:30`; null when it is not one or names a day or hour no calendar has. */
export function parseWall(text: string): Wall | null {
  const match = localPattern.exec(text)
  if (match === null) return null
  const ms = Date.parse(`${text.slice(0, 10)}T${text.slice(11, 16)}:${match[6] ?? '00'}Z`)
  return Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(`${text.slice(0, 10)}T${text.slice(11, 16)}`)
    ? null
    : wall(ms)
}

export function formatWall(at: Wall): string {
  return new Date(at).toISOString().slice(0, 16)
}

/** Refuses what is no IANA zone. Plain offsets (`+02:00`) are refused too: they know nothing of summer time. */
export function checkZone(zone: string, pointer: string): Fault | null {
  if (/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(zone) && isKnown(zone)) return null
  const near = nearest(zone, Intl.supportedValuesOf('timeZone'))
  const hint = near === null ? 'Write an IANA name such as "Europe/Berlin".' : `Did you mean "${near}"?`
  return { pointer, detail: `There is no time zone "${zone.slice(0, 64)}". ${hint}` }
}

/** The zone, when there is one of that name. */
export function knownZone(zone: string): string | null {
  return checkZone(zone, '') === null ? zone : null
}

function isKnown(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    return false // RangeError: the only way the library has of saying no.
  }
}

export function wallAt(zone: string, at: Instant): Wall {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  return wall(at + zoned.offsetNanoseconds / 1e6)
}

/**
 * For generated boundaries. A wall time that does not exist becomes the first instant after the gap;
 * one that happens twice happens once, at its first occurrence. Never decreasing in `local`.
 */
export function instantOf(zone: string, local: Wall): Instant {
  const zoned = plainOf(local).toZonedDateTime(zone, { disambiguation: 'earlier' })
  if (zoned.epochMilliseconds + zoned.offsetNanoseconds / 1e6 === local) return instant(zoned.epochMilliseconds)
  // In a gap `earlier` reads the wall time with the offset after the change, hence just before the change itself.
  const change = zoned.getTimeZoneTransition('next')
  return instant(change === null ? zoned.epochMilliseconds : change.epochMilliseconds)
}

export type WallReading =
  | { readonly kind: 'once'; readonly at: Instant }
  | { readonly kind: 'twice'; readonly first: Instant; readonly second: Instant }
  /** `before` is the last existing minute ahead of the gap, `after` the first one behind it. */
  | { readonly kind: 'never'; readonly before: Instant; readonly after: Instant }

/** For times a person typed: an ambiguous or missing one is asked back with both choices, never guessed. */
export function readWall(zone: string, local: Wall): WallReading {
  const plain = plainOf(local)
  const first = plain.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const second = plain.toZonedDateTime(zone, { disambiguation: 'later' })
  if (first.epochMilliseconds === second.epochMilliseconds)
    return { kind: 'once', at: instant(first.epochMilliseconds) }
  if (first.toPlainDateTime().equals(plain)) {
    return { kind: 'twice', first: instant(first.epochMilliseconds), second: instant(second.epochMilliseconds) }
  }
  const after = instantOf(zone, local)
  return { kind: 'never', before: instant(after - 60_000), after }
}

function plainOf(local: Wall): Temporal.PlainDateTime {
  const date = new Date(local)
  return new Temporal.PlainDateTime(
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    date.getUTCMilliseconds(),
  )
}

export interface ClockChange {
  readonly at: Instant
  /** Offsets from UTC. */
  readonly beforeMs: number
  readonly afterMs: number
}

/** When the zone changes its offset in [start, end). */
export function clockChanges(
  zone: string,
  window: { readonly start: Instant; readonly end: Instant },
): readonly ClockChange[] {
  const found: ClockChange[] = []
  let from = Temporal.Instant.fromEpochMilliseconds(window.start - 1).toZonedDateTimeISO(zone)
  for (;;) {
    const next = from.getTimeZoneTransition('next')
    if (next === null || next.epochMilliseconds >= window.end) return found
    const before = Temporal.Instant.fromEpochMilliseconds(next.epochMilliseconds - 1).toZonedDateTimeISO(zone)
    const [beforeMs, afterMs] = [before.offsetNanoseconds / 1e6, next.offsetNanoseconds / 1e6]
    if (beforeMs !== afterMs) found.push({ at: instant(next.epochMilliseconds), beforeMs, afterMs })
    from = next
  }
}

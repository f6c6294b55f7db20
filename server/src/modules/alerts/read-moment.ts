// The instant somebody asks about: exactly, or as the clocks on the wall show it somewhere.
import { AppError } from '../../kernel/app-error.ts'
import { day } from '../../kernel/duration.ts'
import { type Instant, instant, parseInstant } from '../../kernel/instant.ts'
import type { Queries } from '../../platform/database/queries.ts'
import { isZone, wallOf } from '../maintenance/core/index.ts'

// Traces are kept as long; nobody plans further ahead than a year.
const backMs = 90 * day
const aheadMs = 400 * day

export interface Moment {
  readonly at?: string
  readonly wall?: string
  readonly timeZone?: string
}

export async function readMoment(queries: Queries, moment: Moment): Promise<Instant> {
  const now = await queries.now()
  const { at, wall, timeZone } = moment
  if (at !== undefined && wall !== undefined) throw bad('/wall', 'Say `at` or `wall`, not both.')
  if (timeZone !== undefined && wall === undefined) throw bad('/timeZone', 'A zone belongs to a `wall` time.')
  const found = wall !== undefined ? inZone(wall, timeZone ?? 'UTC') : at === undefined ? now : parseInstant(at)
  const pointer = wall === undefined ? '/at' : '/wall'
  if (found === null) throw bad(pointer, 'There is no such time.')
  if (found < now - backMs || found > now + aheadMs)
    throw bad(pointer, 'From 90 days back to 400 days ahead can be asked about.')
  return found
}

function inZone(wall: string, timeZone: string): Instant | null {
  if (!isZone(timeZone)) throw bad('/timeZone', `There is no time zone ${timeZone}. Use an IANA name.`)
  try {
    // An hour that the clocks leave out is taken after them, one that comes twice the first time, as calendars do.
    return instant(wallOf(wall).toZonedDateTime(timeZone).epochMilliseconds)
  } catch {
    return null
  }
}

const bad = (pointer: string, detail: string) =>
  new AppError('invalid', 'alerts.bad-moment', detail, { faults: [{ pointer, detail }] })

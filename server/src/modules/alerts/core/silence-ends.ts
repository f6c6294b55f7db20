// Other ends of a silence than its time: what it was made for is over, or is no longer what it was made for. The time it
// was given stays the last end of all.
import { formatDuration, hour, minute } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'

export interface SilenceEnds {
  /** Id of an incident: over when the incident is resolved. */
  readonly incident?: string
  /** Number of the incident as it was said, for people. */
  readonly incidentNumber?: string
  /** Id of a ticket at a tracker: over when the tracker says that it is closed. */
  readonly ticket?: string
  /** What the tracker called it then, for people. */
  readonly ticketKey?: string
  /** What a ticket was called that was to end it, and of which nobody hears any more. */
  readonly lostTicket?: string
  /** A service: over with its next change. */
  readonly change?: string
  /** Over when more alerts than this begin under it within this time: then it is another problem. */
  readonly rate?: { readonly alerts: number; readonly withinMs: number }
}

export const rateLimits = { alerts: [1, 10_000], withinMs: [minute, 24 * hour] } as const

/** For people: what ends it before its time; empty when nothing does. */
export function describeEnds(ends: SilenceEnds): readonly string[] {
  const said: string[] = []
  if (ends.incident !== undefined) said.push(`when incident ${ends.incidentNumber ?? ends.incident} is resolved`)
  if (ends.ticket !== undefined) said.push(`when ticket ${ends.ticketKey ?? ends.ticket} is closed`)
  if (ends.change !== undefined) said.push(`with the next change of ${ends.change}`)
  if (ends.rate !== undefined)
    said.push(`when more than ${ends.rate.alerts} alerts begin under it within ${formatDuration(ends.rate.withinMs)}`)
  return said
}

/** For people: what was to end it and cannot any more. */
export function describeLost({ lostTicket }: SilenceEnds): readonly string[] {
  return lostTicket === undefined ? [] : [`ticket ${lostTicket}, which is not looked after any more`]
}

/** Nobody hears of its ticket any more: the time it was given ends it, and whatever else was named. */
export function withoutTicket({ ticket, ticketKey, ...rest }: SilenceEnds): SilenceEnds {
  return ticket === undefined ? rest : { ...rest, lostTicket: ticketKey ?? ticket }
}

/** Null while it may go on. `begun` are the alerts that began under it since `since`. */
export function judgeRate({ alerts, withinMs }: NonNullable<SilenceEnds['rate']>, begun: number): string | null {
  return begun > alerts
    ? `${begun} alerts began under it within ${formatDuration(withinMs)}; it was made for ${alerts} at most.`
    : null
}

/** From when the alerts that began under it count. */
export function countedSince({ withinMs }: NonNullable<SilenceEnds['rate']>, startsAt: Instant, now: Instant): Instant {
  const since = plus(now, -withinMs)
  return since < startsAt ? startsAt : since
}

const longMs = hour
const shortMs = 20 * minute

/** When whoever made it is reminded; null when it is too short to be forgotten. */
export function remindAt({
  startsAt,
  endsAt,
}: {
  readonly startsAt: Instant
  readonly endsAt: Instant
}): Instant | null {
  const lasts = endsAt - startsAt
  if (lasts >= longMs) return plus(endsAt, -15 * minute)
  return lasts >= shortMs ? plus(endsAt, -5 * minute) : null
}

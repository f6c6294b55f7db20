// An occurrence as the journal and the API tell of it.
import type { Actor } from '../../../kernel/actor.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import { type Occurrence, stateOf } from '../core/index.ts'
import type { MaintenanceData, OccurrenceReply } from '../maintenance.contract.ts'

// A window may cover a whole company; an entry names as many as a reader takes in.
const mostLinks = 50

export function entryOf(occurrence: Occurrence, actor: Actor, now: Instant, because?: string) {
  const { id, window, title, services, startsAt, endsAt, reason } = occurrence
  const data: MaintenanceData = {
    window,
    title,
    state: stateOf(occurrence, now),
    services: services.slice(0, mostLinks),
    startsAt: formatInstant(startsAt),
    endsAt: formatInstant(endsAt),
  }
  return {
    actor,
    subject: { kind: 'maintenance', id },
    links: services.slice(0, mostLinks).map((service) => ({ kind: 'service', id: service })),
    reason: because ?? reason,
    data,
  }
}

const orNull = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))

export function presentOccurrence(occurrence: Occurrence, now: Instant): OccurrenceReply {
  const { announce, earlier, ...row } = occurrence
  return {
    id: row.id,
    window: row.window,
    title: row.title,
    reason: row.reason,
    team: row.team,
    state: stateOf(occurrence, now),
    startsAt: formatInstant(row.startsAt),
    endsAt: formatInstant(row.endsAt),
    plannedAt: formatInstant(row.plannedAt),
    services: [...row.services],
    budget: row.budget,
    announced: announce === null ? null : { title: announce.title, text: announce.text },
    declaredBy: row.declaredBy,
    changed:
      row.changedBy === null
        ? null
        : { by: row.changedBy, because: row.changedBecause ?? '', cancelledAt: orNull(row.cancelledAt) },
    parts: earlier.length + 1,
  }
}

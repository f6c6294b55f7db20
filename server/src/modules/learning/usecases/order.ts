// Who asks, and what of the incidents they may read.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Subject } from '../../../platform/journal/journal.ts'
import { type IncidentReader, mayReadIncident } from '../../incidents/core/index.ts'
import { type IncidentRow, lockIncident } from '../../incidents/index.ts'

export interface Order {
  readonly actor: Actor
  readonly by: string
  readonly reader: IncidentReader
}

export async function loadIncident(tx: Tx, id: string, reader: IncidentReader): Promise<IncidentRow> {
  const incident = await lockIncident(tx, id)
  if (incident === null || !mayReadIncident(reader, incident))
    throw new AppError('not-found', 'incidents.unknown', 'There is no such incident.')
  return incident
}

/** Drills teach, but nobody was hurt; what was merged is told by the other; planned work that went well is no failure. */
export const counts = (incident: Pick<IncidentRow, 'kind' | 'mergedInto'>): boolean =>
  incident.kind !== 'drill' && incident.kind !== 'scheduled' && incident.mergedInto === null

export function checkCounts(incident: IncidentRow): void {
  if (counts(incident)) return
  const what =
    incident.kind === 'drill' ? 'a drill' : incident.kind === 'scheduled' ? 'planned work' : 'merged into another'
  throw new AppError('conflict', 'learning.drill', `Incident ${incident.number} is ${what}.`)
}

/** Closed to whoever may not read one of them. */
export function linksOf(incidents: readonly IncidentRow[]): readonly Subject[] {
  return [
    ...incidents.map(({ id }) => ({ kind: 'incident', id })),
    ...[...new Set(incidents.flatMap((each) => each.services))].map((id) => ({ kind: 'service', id })),
    ...incidents.filter((each) => each.kind === 'security').map(({ id }) => ({ kind: 'restricted', id })),
  ]
}

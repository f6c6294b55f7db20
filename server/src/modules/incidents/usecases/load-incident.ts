// Loads an incident for somebody: one that may not be read is the same as none.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { type IncidentReader, mayReadIncident } from '../core/index.ts'
import { findIncident, type IncidentRow, lockIncident } from '../incidents.store.ts'

export interface Order {
  readonly incidentId: string
  readonly actor: Actor
  readonly reader: IncidentReader
}

export async function loadIncident(tx: Tx, order: Order): Promise<IncidentRow> {
  return readable(await lockIncident(tx, order.incidentId), order.reader)
}

export async function needIncident(queries: Queries, id: string, reader: IncidentReader): Promise<IncidentRow> {
  return readable(await findIncident(queries, id), reader)
}

function readable(incident: IncidentRow | null, reader: IncidentReader): IncidentRow {
  if (incident === null || !mayReadIncident(reader, incident))
    throw new AppError('not-found', 'incidents.unknown', 'There is no such incident.')
  return incident
}

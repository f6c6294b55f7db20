// What is to end a silence, checked: an end that never comes would only look like one.
import { AppError } from '../../kernel/app-error.ts'
import type { Queries } from '../../platform/database/queries.ts'
import { findService } from '../catalog/index.ts'
import type { AlertsPorts } from './alerts.ports.ts'
import type { SilenceEnds } from './core/index.ts'

export async function readEnds(queries: Queries, ports: AlertsPorts, given: SilenceEnds): Promise<SilenceEnds | null> {
  const { incident, change, rate } = given
  const known = incident === undefined ? null : await ports.openIncident?.(queries, incident)
  if (incident !== undefined && (known ?? null) === null)
    throw unknownEnd('incident', 'There is no such open incident.')
  if (change !== undefined && (await findService(queries, change)) === null)
    throw unknownEnd('change', `${change} is not in the catalog.`)
  const ends = {
    ...(incident === undefined ? {} : { incident, incidentNumber: known?.number ?? incident }),
    ...(change === undefined ? {} : { change }),
    ...(rate === undefined ? {} : { rate }),
  }
  return Object.keys(ends).length === 0 ? null : ends
}

const unknownEnd = (field: string, detail: string) =>
  new AppError('invalid', 'alerts.unknown-end', detail, { faults: [{ pointer: `/endsWith/${field}`, detail }] })

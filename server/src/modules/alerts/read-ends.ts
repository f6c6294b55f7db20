// What is to end a silence, checked: an end that never comes would only look like one.
import { AppError } from '../../kernel/app-error.ts'
import type { Tx } from '../../platform/database/database.ts'
import { findService } from '../catalog/index.ts'
import type { AlertsPorts, KnownTicket } from './alerts.ports.ts'
import type { SilenceEnds } from './core/index.ts'

export async function readEnds(tx: Tx, ports: AlertsPorts, given: SilenceEnds): Promise<SilenceEnds | null> {
  const { incident, ticket, change, rate } = given
  const known = incident === undefined ? null : await ports.openIncident?.(tx, incident)
  if (incident !== undefined && (known ?? null) === null)
    throw unknownEnd('incident', 'There is no such open incident.')
  const found = ticket === undefined ? null : await readTicket(tx, ports, ticket)
  if (change !== undefined && (await findService(tx, change)) === null)
    throw unknownEnd('change', `${change} is not in the catalog.`)
  const ends = {
    ...(incident === undefined ? {} : { incident, incidentNumber: known?.number ?? incident }),
    ...(found === null ? {} : { ticket: found.id, ticketKey: found.key }),
    ...(change === undefined ? {} : { change }),
    ...(rate === undefined ? {} : { rate }),
  }
  return Object.keys(ends).length === 0 ? null : ends
}

/** Closed by the time anybody looks, it ends the silence with the next sweep; closed already, it is a mistake. */
async function readTicket(tx: Tx, ports: AlertsPorts, name: string): Promise<KnownTicket> {
  const [known, ...more] = (await ports.tickets?.named(tx, name.trim())) ?? []
  if (known === undefined)
    throw unknownEnd(
      'ticket',
      'No ticket of this name is looked after. Those of restricted incidents cannot end a silence.',
    )
  if (more.length > 0)
    throw unknownEnd('ticket', `${known.key} is at ${more.length + 1} trackers: name the ticket by its id.`)
  if (known.standing === 'over') throw unknownEnd('ticket', `${known.key} is closed already.`)
  return known
}

const unknownEnd = (field: string, detail: string) =>
  new AppError('invalid', 'alerts.unknown-end', detail, { faults: [{ pointer: `/endsWith/${field}`, detail }] })

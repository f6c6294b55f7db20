// How a ticket stands in the journal: with its incident, its services, and closed to whoever may not read the incident.
import type { Actor } from '../../../kernel/actor.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { EventType } from '../../../platform/journal/journal.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findIncident } from '../../incidents/index.ts'
import type { TicketData } from '../tickets.contract.ts'
import type { TicketsPorts } from '../tickets.ports.ts'
import type { TicketRow } from '../tickets.store.ts'

export interface TicketEntry<Data extends TicketData> {
  readonly event: EventType<Data>
  readonly row: TicketRow
  readonly actor: Actor
  readonly data: (base: TicketData) => Data
  readonly reason?: string
}

export async function tellJournal<Data extends TicketData>(
  tx: Tx,
  needs: Needs,
  ports: TicketsPorts,
  { event, row, actor, data, reason }: TicketEntry<Data>,
): Promise<void> {
  const incident = await findIncident(tx, row.incidentId)
  const standing = await ports.standingOf(tx, { kind: row.subjectKind, id: row.subjectId })
  const base: TicketData = {
    ticketId: row.id,
    incidentId: row.incidentId,
    tracker: ports.trackers[row.tracker].title,
    connection: row.connection,
    about: `${row.subjectKind === 'incident' ? 'Incident' : 'Action'} ${standing?.number ?? ''}`.trim(),
    key: row.key ?? '',
  }
  await needs.journal.publish(tx, event, {
    actor,
    subject: { kind: 'ticket', id: row.id },
    links: [
      { kind: 'incident', id: row.incidentId },
      ...(row.subjectKind === 'action' ? [{ kind: 'action', id: row.subjectId }] : []),
      ...(incident?.services ?? []).map((id) => ({ kind: 'service', id })),
      ...(incident?.kind === 'security' ? [{ kind: 'restricted', id: row.incidentId }] : []),
    ],
    ...(reason === undefined ? {} : { reason }),
    data: data(base),
  })
}

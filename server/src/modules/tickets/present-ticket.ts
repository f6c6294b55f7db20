// Rows of tickets and connections as replies.
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import type { Queries } from '../../platform/database/queries.ts'
import { type ConnectionRow, listConnectionRows } from './connections.store.ts'
import type { TicketConnectionReply, TicketReply } from './tickets.contract.ts'
import type { TicketsPorts } from './tickets.ports.ts'
import { countTickets, type TicketRow } from './tickets.store.ts'
import { openSettings } from './usecases/settings.ts'

const orNull = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))

export function presentTicket(
  row: TicketRow,
  ports: Pick<TicketsPorts, 'trackers'>,
  connection: ConnectionRow | undefined,
): TicketReply {
  const { title } = ports.trackers[row.tracker]
  return {
    id: row.id,
    connection: row.connection,
    tracker: row.tracker,
    trackerTitle: title,
    about: { kind: row.subjectKind, id: row.subjectId },
    incident: row.incidentId,
    phase: row.phase,
    key: row.key,
    url: row.url,
    title: row.title,
    stateName: row.theirName,
    state: row.theirs,
    agreed: row.base,
    conflict: row.conflict,
    held: row.held,
    fault: row.fault,
    waiting: waitingSentence(row, title, connection),
    seenAt: orNull(row.seenAt),
    createdBy: row.createdBy,
    createdAt: formatInstant(row.createdAt),
  }
}

function waitingSentence(row: TicketRow, title: string, connection: ConnectionRow | undefined): string | null {
  if (row.phase === 'there' || row.phase === 'gone') return null
  const away = connection?.because ?? null
  if (row.phase === 'creating')
    return `${title} has not answered yet. It is looked for before it is created again.${away === null ? '' : ` ${away}`}`
  return away === null ? 'It is being created.' : `${title} is away: ${away}`
}

export async function presentTickets(
  queries: Queries,
  ports: Pick<TicketsPorts, 'trackers'>,
  rows: readonly TicketRow[],
): Promise<TicketReply[]> {
  const connections = new Map((await listConnectionRows(queries)).map((each) => [each.name, each]))
  return rows.map((row) => presentTicket(row, ports, connections.get(row.connection)))
}

export async function presentConnections(
  queries: Queries,
  ports: Pick<TicketsPorts, 'trackers' | 'open'>,
  publicUrl: string,
  rows: readonly ConnectionRow[],
): Promise<TicketConnectionReply[]> {
  const counts = await countTickets(queries)
  return rows.map((row) => {
    const { user, type } = openSettings(ports, row)
    return {
      name: row.name,
      tracker: row.tracker,
      title: ports.trackers[row.tracker].title,
      url: row.url,
      project: row.project,
      user,
      type,
      shown: { ...row.shown },
      states: Object.fromEntries(Object.entries(row.states).map(([state, names]) => [state, [...names]])),
      hookUrl: `${publicUrl}/api/v1/tickets/hooks/${row.name}`,
      hookSigned: row.hasHook,
      heardAt: orNull(row.heardAt),
      away:
        row.awaySince === null
          ? null
          : { since: formatInstant(row.awaySince), because: row.because ?? '', nextTryAt: orNull(row.nextTryAt) },
      tickets: counts.get(row.name)?.tickets ?? 0,
      attention: counts.get(row.name)?.attention ?? 0,
      changedBy: row.changedBy,
      changedAt: formatInstant(row.changedAt),
    }
  })
}

import { type Subscription, subscribe } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { bindJob } from '../../platform/work/job.ts'
import { incidentMoved, incidentReopened } from '../incidents/index.ts'
import { actionChanged, actionDropped, actionFinished, actionProven, actionReopened } from '../postmortems/index.ts'
import { tendTickets, ticketErrors, ticketEvents } from './tickets.contract.ts'
import type { TicketsPorts } from './tickets.ports.ts'
import { ticketsRoutes } from './tickets.routes.ts'
import { ticketsWireRoutes } from './tickets.wire.routes.ts'
import { ticketsKept } from './tickets-retention.store.ts'
import { followSubject } from './usecases/hurry.ts'
import { tendConnection } from './usecases/tend-tickets.ts'

export function ticketsRoom(needs: Needs, ports: TicketsPorts): Room {
  return {
    name: 'tickets',
    operations: ticketsRoutes(needs, ports),
    wireRoutes: ticketsWireRoutes(needs, ports),
    jobs: [bindJob(tendTickets, ({ connection }, turn) => tendConnection(needs, ports, connection, turn))],
    subscriptions: subscriptionsOf(needs),
    events: ticketEvents,
    errors: ticketErrors,
    kept: ticketsKept,
  }
}

function subscriptionsOf(needs: Needs): readonly Subscription[] {
  const moved = Object.values(incidentMoved).filter((event) => event !== null)
  return [
    ...[...moved, incidentReopened].map((event) =>
      subscribe(event, 'tickets.follow', ({ data }) => followSubject(needs, { kind: 'incident', id: data.incidentId })),
    ),
    ...[actionChanged, actionFinished, actionProven, actionReopened, actionDropped].map((event) =>
      subscribe(event, 'tickets.follow', ({ data }) => followSubject(needs, { kind: 'action', id: data.actionId })),
    ),
  ]
}

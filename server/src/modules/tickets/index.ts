// The working door of tickets.
export { listConnectionRows as listTrackerConnections } from './connections.store.ts'
export type { Standing, TicketsPorts, Tracker, TrackerName } from './tickets.ports.ts'
export { findTicket, type TicketRow } from './tickets.store.ts'
export { openTicket } from './usecases/open-ticket.ts'

// The working door of tickets.
export { type Standing, type TicketsPorts, trackers } from './tickets.ports.ts'
export { findTicketsCalled, listTicketsById, type TicketRow } from './tickets.store.ts'
export { openTicket } from './usecases/open-ticket.ts'

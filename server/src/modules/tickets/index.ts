// The working door of tickets.
export type { Standing, TicketsPorts } from './tickets.ports.ts'

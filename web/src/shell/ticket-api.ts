// Tickets of incidents and actions, and the trackers they are opened at.
import type { Ticket, TicketConnection } from '../../../client/src/index.ts'
import { client } from './http.ts'

export type { Ticket, TicketConnection }
export type TrackerKind = TicketConnection['tracker']
export type Subject = Ticket['about']

type Signal = AbortSignal

export interface ConnectionForm {
  readonly tracker: TrackerKind
  readonly url: string
  readonly project: string
  readonly user?: string
  readonly token?: string
  readonly hookSecret?: string
  readonly type?: string
  readonly states?: TicketConnection['states']
}

export const tickets = {
  of: ({ kind, id }: Subject, signal: Signal) =>
    client['tickets.list']({ query: kind === 'incident' ? { incident: id } : { action: id }, signal }),
  open: (connection: string, about: Subject) => client['tickets.open']({ body: { connection, about } }),
  link: (connection: string, about: Subject, ticket: string) =>
    client['tickets.link']({ body: { connection, about, ticket } }),
  unlink: (id: string) => client['tickets.unlink']({ params: { id } }),
  settle: (id: string, take: 'ours' | 'theirs') => client['tickets.settle']({ params: { id }, body: { take } }),
  look: (id: string) => client['tickets.look']({ params: { id } }),
}

export const trackers = {
  list: (signal: Signal) => client['tickets.connections']({ signal }),
  connect: (name: string, body: ConnectionForm) => client['tickets.connect']({ params: { name }, body }),
  test: (name: string) => client['tickets.test']({ params: { name } }),
  remove: (name: string) => client['tickets.disconnect']({ params: { name } }),
}

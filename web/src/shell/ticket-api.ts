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
  readonly user: string | null
  readonly token?: string
  readonly hookSecret?: string
  readonly type: string | null
  readonly states?: TicketConnection['states']
}

export const tickets = {
  of: ({ kind, id }: Subject, signal: Signal) =>
    client['tickets.list']({ query: kind === 'incident' ? { incident: id } : { action: id }, signal }),
  /** The newest 200, of whatever they are about. */
  recent: (signal: Signal) => client['tickets.list']({ query: { limit: 200 }, signal }),
  /** All of them: an action has one at each tracker at most, so the pages are few. */
  ofActions: async (ids: readonly string[], signal: Signal): Promise<readonly Ticket[]> => {
    const items: Ticket[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query = { actions: ids.join(','), limit: 500, ...(cursor === '' ? {} : { cursor }) }
      const page: { readonly items: readonly Ticket[]; readonly nextCursor: string | null } = await client[
        'tickets.list'
      ]({ query, signal })
      items.push(...page.items)
      cursor = page.nextCursor
    }
    return items
  },
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

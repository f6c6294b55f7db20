// Every name of the room `tickets` that leaves.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { longestTitle, subjectKinds, ticketStates } from './core/index.ts'
import { trackers } from './tickets.ports.ts'

const Names = Type.Optional(Type.Array(Text(100), { maxItems: 20 }))
const StateNames = Type.Object(
  { open: Names, doing: Names, done: Names, dropped: Names },
  {
    title: 'TicketStateNames',
    description:
      'The tracker’s names of each state. The first is set, every one is read; what is left out keeps its usual names. Without any of it a connection keeps those it has.',
  },
)

export const TicketConnection = Type.Object(
  {
    name: Type.String(),
    tracker: Words(trackers),
    title: Type.String({ description: 'What people call the tracker.' }),
    url: Type.String(),
    project: Type.String(),
    user: Nullable(Type.String()),
    type: Nullable(Type.String({ description: 'Issue type or table.' })),
    shown: Type.Record(Type.String(), Type.String(), { description: 'What the tracker said of itself.' }),
    states: StateNames,
    hookUrl: Type.String({ description: 'Where the tracker calls when a ticket changes.' }),
    hookSigned: Type.Boolean({ description: 'A secret is kept, so its calls are taken.' }),
    heardAt: Nullable(Time),
    away: Nullable(Type.Object({ since: Time, because: Type.String(), nextTryAt: Nullable(Time) })),
    tickets: Type.Integer({ description: 'That are looked after.' }),
    attention: Type.Integer({ description: 'That somebody should look at.' }),
    changedBy: Type.String(),
    changedAt: Time,
  },
  { title: 'TicketConnection' },
)
export type TicketConnectionReply = Static<typeof TicketConnection>

export const Ticket = Type.Object(
  {
    id: Id,
    connection: Type.String(),
    tracker: Words(trackers),
    trackerTitle: Type.String(),
    about: Type.Object({ kind: Words(subjectKinds), id: Id }),
    incident: Id,
    phase: Words(
      ['wanted', 'creating', 'there', 'gone'] as const,
      'Creating: the answer of the tracker was lost or is on its way; it is looked for before it is created again.',
    ),
    key: Nullable(Type.String({ description: 'As people call it there.' })),
    url: Nullable(Type.String()),
    title: Nullable(Type.String()),
    stateName: Nullable(Type.String({ description: 'As the tracker calls it.' })),
    state: Nullable(Words(ticketStates)),
    agreed: Nullable(Words(ticketStates, 'What both sides said when they last agreed.')),
    conflict: Type.Boolean({ description: 'Both sides moved, to different states: somebody decides.' }),
    held: Nullable(Type.String({ description: 'Why what it is about did not follow the ticket.' })),
    fault: Nullable(Type.String({ description: 'What the tracker refuses, and the way out.' })),
    waiting: Nullable(Type.String({ description: 'Why it is not there yet.' })),
    seenAt: Nullable(Time),
    createdBy: Type.String(),
    createdAt: Time,
  },
  { title: 'Ticket' },
)
export type TicketReply = Static<typeof Ticket>

const unknown = 'tickets.unknown'
const uuid = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'
const unknownConnection = 'tickets.unknown-connection'
const byId = Type.Object({ id: Id })
const byName = Type.Object({ name: Name })
const About = Type.Object({ kind: Words(subjectKinds), id: Id }, { title: 'TicketSubject' })

export const listConnections = operation({
  id: 'tickets.connections',
  method: 'GET',
  path: '/api/v1/ticket-connections',
  summary: 'The trackers tickets are opened at, and how they are doing',
  reply: Type.Object({ items: Type.Array(TicketConnection) }),
})
export const connect = operation({
  id: 'tickets.connect',
  method: 'PUT',
  path: '/api/v1/ticket-connections/{name}',
  summary: 'Connect a tracker; it is asked whether the token works, then the secrets are sealed and never shown again',
  params: byName,
  body: Type.Object({
    tracker: Words(trackers),
    url: Text(
      500,
      'Of its API: https://api.github.com, https://gitlab.com, https://acme.atlassian.net, https://acme.service-now.com.',
    ),
    project: Text(
      200,
      '`owner/repository`, a GitLab path or id, a Jira project key, a ServiceNow assignment group or `-`.',
    ),
    user: Type.Optional(
      Nullable(
        Text(
          200,
          'Jira Cloud: the e-mail address. ServiceNow: the user. Without one the token is a bearer token. Left out, the one that is kept stays; null takes it away.',
        ),
      ),
    ),
    token: Type.Optional(Text(4_000, 'Left out, the one that is kept stays.')),
    hookSecret: Type.Optional(
      Text(500, 'What the tracker signs its calls with. Left out, the one that is kept stays.'),
    ),
    type: Type.Optional(
      Nullable(
        Text(
          100,
          'Jira: the issue type, Task unless said. ServiceNow: the table, incident unless said. Left out, what is kept stays; null takes it away.',
        ),
      ),
    ),
    states: Type.Optional(StateNames),
  }),
  reply: TicketConnection,
  errors: ['tickets.connection-refused', 'tickets.bad-connection', 'tickets.other-tracker'],
})
export const testConnection = operation({
  id: 'tickets.test',
  method: 'POST',
  path: '/api/v1/ticket-connections/{name}/test',
  summary: 'Ask the tracker now whether it answers, takes the token and shows the project',
  params: byName,
  reply: Type.Object({ ok: Type.Boolean(), sentence: Type.String() }, { title: 'TicketConnectionTest' }),
  errors: [unknownConnection],
})
export const disconnect = operation({
  id: 'tickets.disconnect',
  method: 'DELETE',
  path: '/api/v1/ticket-connections/{name}',
  summary: 'Forget a tracker and its secrets; its tickets stay there and are looked after no longer',
  params: byName,
  reply: Type.Null(),
  status: 204,
  errors: [unknownConnection],
})
export const listTickets = operation({
  id: 'tickets.list',
  method: 'GET',
  path: '/api/v1/tickets',
  summary: 'Tickets, the newest first',
  query: Type.Object({
    ...PageQuery,
    incident: Type.Optional({ ...Id, description: 'Of an incident and of its actions.' }),
    action: Type.Optional(Id),
    actions: Type.Optional(
      Type.String({
        pattern: `^${uuid}(,${uuid}){0,99}$`,
        maxLength: 3_699,
        description: 'Of any of these actions: ids with commas between them, 100 at most.',
      }),
    ),
    connection: Type.Optional(Name),
    key: Type.Optional(Text(200, 'What the tracker calls it, in capitals or not, or its id here.')),
    attention: Type.Optional(Type.Boolean({ description: 'Only those somebody should look at.' })),
  }),
  reply: Page(Ticket),
})
export const openTicketOperation = operation({
  id: 'tickets.open',
  method: 'POST',
  path: '/api/v1/tickets',
  summary: 'Open a ticket for an incident or an action; asked again, the one that is there answers',
  body: Type.Object({
    connection: Name,
    about: About,
    title: Type.Optional(
      Text(longestTitle, 'What it is about says it unless given. Of restricted incidents no word leaves.'),
    ),
  }),
  reply: Ticket,
  status: 201,
  errors: [unknownConnection, 'incidents.unknown', 'actions.unknown'],
})
export const linkTicket = operation({
  id: 'tickets.link',
  method: 'POST',
  path: '/api/v1/tickets/link',
  summary: 'Look after a ticket that is there already',
  body: Type.Object({
    connection: Name,
    about: About,
    ticket: Text(
      500,
      'Its number or key there: `12`, `OPS-12`, `INC0010012`; or the address of an issue of this very project.',
    ),
  }),
  reply: Ticket,
  status: 201,
  errors: [unknownConnection, 'incidents.unknown', 'actions.unknown', 'tickets.not-found-there', 'tickets.taken'],
})
export const unlinkTicket = operation({
  id: 'tickets.unlink',
  method: 'DELETE',
  path: '/api/v1/tickets/{id}',
  summary: 'Look after it no longer; nothing changes at the tracker',
  params: byId,
  reply: Type.Null(),
  status: 204,
  errors: [unknown],
})
export const settleTicket = operation({
  id: 'tickets.settle',
  method: 'POST',
  path: '/api/v1/tickets/{id}/settle',
  summary: 'Decide a conflict: the state that counts from now on',
  params: byId,
  body: Type.Object({ take: Words(['ours', 'theirs'] as const) }),
  reply: Ticket,
  errors: [unknown, 'tickets.no-conflict'],
})
export const lookAtTicket = operation({
  id: 'tickets.look',
  method: 'POST',
  path: '/api/v1/tickets/{id}/look',
  summary: 'Ask the tracker about it now',
  params: byId,
  reply: Ticket,
  errors: [unknown],
})

export type TicketData = {
  readonly ticketId: string
  readonly incidentId: string
  readonly tracker: string
  readonly connection: string
  /** `Incident 7`, `Action 3`. */
  readonly about: string
  readonly key: string
} & JsonObject
const event = (type: string, summary: string) => defineEvent<TicketData>({ type, summary })
type Moved = TicketData & { readonly to: string }
export const ticketAsked = event('ticket.asked', 'A ticket is to be opened')
export const ticketOpened = event('ticket.opened', 'A ticket was opened at the tracker')
export const ticketLinked = event('ticket.linked', 'A ticket that was there is looked after')
export const ticketUnlinked = event('ticket.unlinked', 'A ticket is looked after no longer')
export const ticketTold = defineEvent<Moved>({ type: 'ticket.told', summary: 'The ticket was moved as ours moved' })
export const ticketFollowed = defineEvent<Moved>({
  type: 'ticket.followed',
  summary: 'The ticket moved at the tracker, and ours followed',
})
export const ticketHeld = defineEvent<Moved & { readonly because: string }>({
  type: 'ticket.held',
  summary: 'The ticket moved at the tracker, and ours did not follow',
})
export const ticketConflict = defineEvent<TicketData & { readonly ours: string; readonly theirs: string }>({
  type: 'ticket.conflict',
  summary: 'The ticket and ours moved to different states',
})
export const ticketSettled = defineEvent<TicketData & { readonly take: string }>({
  type: 'ticket.settled',
  summary: 'Somebody decided a conflict',
})
export const ticketRefused = defineEvent<TicketData & { readonly because: string }>({
  type: 'ticket.refused',
  summary: 'The tracker refuses something about a ticket',
})
export const ticketGone = event('ticket.gone', 'The ticket is not at the tracker any more')
type TrackerData = { readonly connection: string; readonly tracker: string } & JsonObject
export const trackerConnected = defineEvent<TrackerData>({
  type: 'tracker.connected',
  summary: 'A tracker was connected',
})
export const trackerDisconnected = defineEvent<TrackerData>({
  type: 'tracker.disconnected',
  summary: 'A tracker was forgotten',
})
export const trackerLost = defineEvent<TrackerData & { readonly because: string }>({
  type: 'tracker.lost',
  summary: 'A tracker cannot be reached; what is for it waits',
})
export const trackerRegained = defineEvent<TrackerData>({
  type: 'tracker.regained',
  summary: 'A tracker can be reached again',
})

export const ticketEvents = [
  ticketAsked,
  ticketOpened,
  ticketLinked,
  ticketUnlinked,
  ticketTold,
  ticketFollowed,
  ticketHeld,
  ticketConflict,
  ticketSettled,
  ticketRefused,
  ticketGone,
  trackerConnected,
  trackerDisconnected,
  trackerLost,
  trackerRegained,
] as const

// What a tracker does is answered for by the connection's own back-off; what fails here is the database or a fault of ours.
const retrySoon = Array.from({ length: 200 }, (_, index) => Math.min(60_000, 1_000 * (index + 1)))
/** All tickets of one connection, one call after the other; below pages and everything that tells people. */
export const tendTickets = defineJob<{ readonly connection: string }>({
  kind: 'tickets.tend',
  lane: 'outside',
  leaseMs: 30_000,
  retryMs: retrySoon,
})

export const ticketErrors = [
  { code: unknown, summary: 'There is no such ticket.' },
  { code: unknownConnection, summary: 'There is no tracker connected under this name.' },
  { code: 'tickets.connection-refused', summary: 'The tracker does not take the connection.' },
  { code: 'tickets.bad-connection', summary: 'What was typed in cannot be a connection.' },
  { code: 'tickets.other-tracker', summary: 'This name stands for another place, and tickets are there.' },
  { code: 'tickets.not-found-there', summary: 'The text names no ticket of that tracker.' },
  { code: 'tickets.taken', summary: 'This ticket is looked after for something else.' },
  { code: 'tickets.no-conflict', summary: 'Nothing about this ticket waits for a decision.' },
  { code: 'tickets.forged', summary: 'The call does not come from the tracker.' },
] as const

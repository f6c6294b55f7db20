import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { formatInstant, parseInstant } from '../../kernel/instant.ts'
import { Answer, type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { readerFor } from '../incidents/core/index.ts'
import { listRestricted } from '../incidents/index.ts'
import { type ConnectionRow, listConnectionRows } from './connections.store.ts'
import { type StateMapping, type TicketState, ticketStates } from './core/index.ts'
import { presentConnections, presentTickets } from './present-ticket.ts'
import * as contract from './tickets.contract.ts'
import type { TicketsPorts } from './tickets.ports.ts'
import { listTicketRows, type TicketRow } from './tickets.store.ts'
import { connectTracker, disconnectTracker, needConnection, testTracker } from './usecases/connect-tracker.ts'
import { linkExisting, lookAtTicket, openTicket, settleConflict, unlinkTicket } from './usecases/open-ticket.ts'
import { openSettings } from './usecases/settings.ts'

export function ticketsRoutes(needs: Needs, ports: TicketsPorts): readonly BoundOperation[] {
  return [...connectionRoutes(needs, ports), ...ticketRoutes(needs, ports)]
}

function connectionRoutes(needs: Needs, ports: TicketsPorts): readonly BoundOperation[] {
  const { database } = needs
  const present = (rows: readonly ConnectionRow[]) => presentConnections(database, ports, needs.publicUrl, rows)
  return [
    route(contract.listConnections, async () => ({ items: await present(await listConnectionRows(database)) })),
    route(contract.connect, async ({ params, body, actor }) => {
      const { states, ...rest } = body
      const row = await connectTracker(needs, ports, {
        ...rest,
        name: params.name,
        project: body.project.trim(),
        ...(states === undefined ? {} : { states: namesOf(states) }),
        actor,
      })
      const [reply] = await present([row])
      if (reply === undefined)
        throw new AppError('not-found', 'tickets.unknown-connection', 'It was removed meanwhile.')
      return reply
    }),
    route(contract.testConnection, async ({ params }) => testTracker(needs, ports, params.name)),
    route(contract.disconnect, async ({ params, actor }) => {
      await disconnectTracker(needs, ports, { name: params.name, actor })
      return null
    }),
  ]
}

/** What was left out is not there: an empty list would take the usual names away. */
function namesOf(states: Partial<Record<TicketState, readonly string[] | undefined>>): StateMapping {
  return Object.fromEntries(
    ticketStates.flatMap((state) => {
      const names = states[state]
      return names === undefined || names.length === 0 ? [] : [[state, names]]
    }),
  )
}

function ticketRoutes(needs: Needs, ports: TicketsPorts): readonly BoundOperation[] {
  const { database } = needs
  const one = async (row: TicketRow) => {
    const [reply] = await presentTickets(database, ports, [row])
    if (reply === undefined) throw new AppError('not-found', 'tickets.unknown', 'There is no such ticket.')
    return reply
  }
  const readerOf = async (actor: Actor) => readerFor(actor, await ports.declaredNameOf(actor))
  const orderOf = async (actor: Actor) => ({
    actor,
    by: await ports.personOf(actor),
    reader: await readerOf(actor),
  })
  return [
    route(contract.listTickets, async ({ query, actor }) => {
      const { closed } = await listRestricted(database, await readerOf(actor))
      const limit = query.limit ?? 100
      const cursor = decodeCursor(query.cursor, ['string', 'string'])
      const filter = {
        closed,
        incident: query.incident ?? null,
        actions: query.actions?.split(',') ?? (query.action === undefined ? null : [query.action]),
        key: query.key ?? null,
        connection: query.connection ?? null,
        attention: query.attention === true,
      }
      const rows = await listTicketRows(database, filter, cursorOf(cursor), limit + 1)
      const page = toPage(
        rows,
        limit,
        (row) => [formatInstant(row.createdAt), row.id],
        (row) => row,
      )
      return { items: await presentTickets(database, ports, page.items), nextCursor: page.nextCursor }
    }),
    route(contract.openTicketOperation, async ({ body, actor }) => {
      const order = { ...(await orderOf(actor)), connection: body.connection, about: body.about }
      const row = await database.transaction((tx) =>
        openTicket(tx, needs, ports, { ...order, title: body.title ?? null }),
      )
      return new Answer(await one(row))
    }),
    route(contract.linkTicket, async ({ body, actor }) => {
      const connection = await needConnection(needs, body.connection)
      const ref = ports.trackers[connection.tracker].refOf(openSettings(ports, connection), body.ticket)
      if (ref === null)
        throw new AppError(
          'invalid',
          'tickets.not-found-there',
          `This names no ticket of ${connection.project} there.`,
          {
            faults: [{ pointer: '/ticket', detail: 'Write its number or key as people call it there.' }],
          },
        )
      const order = { ...(await orderOf(actor)), connection: body.connection, about: body.about, ref }
      return one(await database.transaction((tx) => linkExisting(tx, needs, ports, order)))
    }),
    route(contract.unlinkTicket, async ({ params, actor }) => {
      await unlinkTicket(needs, ports, { id: params.id, actor, reader: await readerOf(actor) })
      return null
    }),
    route(contract.settleTicket, async ({ params, body, actor }) =>
      one(
        await settleConflict(needs, ports, {
          id: params.id,
          actor,
          reader: await readerOf(actor),
          take: body.take,
        }),
      ),
    ),
    route(contract.lookAtTicket, async ({ params, actor }) =>
      one(await lookAtTicket(needs, { id: params.id, actor, reader: await readerOf(actor) })),
    ),
  ]
}

function cursorOf(cursor: readonly (string | number | null)[] | null) {
  if (cursor === null) return null
  const at = parseInstant(String(cursor[0]))
  const id = String(cursor[1])
  if (at === null || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
    throw new AppError('invalid', 'http.bad-cursor', 'The cursor is not one of ours. Start again without it.')
  return { at, id }
}

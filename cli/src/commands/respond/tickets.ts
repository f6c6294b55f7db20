// Tickets from a terminal. They are spoken of by their key at the tracker.
import type { Ticket } from '../../../../client/src/operations.gen.ts'
import { type Api, notFound, openApi, readPages } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'
import { actionOf } from './actions.ts'
import { oneIncidentId } from './references.ts'

const most = 100_000

export const listTickets: Run = async (call) => {
  const { options, args } = call
  const api = await openApi(call)
  const connection = options.text('tracker')
  const incident = args[0] === undefined ? null : await oneIncidentId(api, args[0])
  const query = {
    ...(incident === null ? {} : { incident }),
    ...(connection === null ? {} : { connection }),
    ...(options.has('attention') ? { attention: true } : {}),
  }
  const { items, more } = await readPages(
    (page) => api.client['tickets.list']({ query: { ...page, ...query } }),
    options.integer('limit', 1, most) ?? 100,
  )
  await printListing<Ticket>(call, {
    rows: items,
    more,
    columns: [
      { header: 'TICKET', of: (row) => row.key ?? row.phase },
      { header: 'TRACKER', of: (row) => row.connection },
      { header: 'STATE', of: (row) => stateCell(row.conflict ? 'conflict' : (row.stateName ?? 'waiting')) },
      { header: 'ABOUT', of: (row) => row.about.kind },
      { header: 'SAYS', of: (row) => sentenceOf(row), elastic: true },
      { header: 'URL', of: (row) => row.url ?? '', wide: true },
      { header: 'ID', of: (row) => row.id, wide: true },
    ],
    nameOf: (row) => `ticket/${row.key ?? row.id}`,
    none: 'No tickets.',
  })
  return exitCodes.ok
}

function sentenceOf(row: Ticket): string {
  if (row.conflict) return 'Both sides moved: mainstay ticket settle decides.'
  return row.fault ?? row.held ?? row.waiting ?? row.title ?? ''
}

export const openTicket: Run = async (call) => {
  const api = await openApi(call)
  const about = await aboutOf(call, api, call.args[0])
  const title = call.options.text('title')
  const connection = await connectionOf(call, api)
  const ticket = await api.client['tickets.open']({
    body: { connection, about, ...(title === null ? {} : { title }) },
  })
  say(
    call,
    harmless(ticket.key === null ? (ticket.waiting ?? 'It is being created.') : `${ticket.key} ${ticket.url ?? ''}`),
  )
  return exitCodes.ok
}

export const linkTicket: Run = async (call) => {
  const api = await openApi(call)
  const about = await aboutOf(call, api, call.args[1])
  const connection = await connectionOf(call, api)
  const ticket = await api.client['tickets.link']({ body: { connection, about, ticket: call.args[0] ?? '' } })
  say(call, `${harmless(ticket.key ?? '')} is looked after from now on.`)
  return exitCodes.ok
}

export const unlinkTicket: Run = async (call) => {
  const api = await openApi(call)
  const ticket = await ticketOf(call, api)
  await api.client['tickets.unlink']({ params: { id: ticket.id } })
  say(call, `${harmless(ticket.key ?? ticket.id)} is looked after no longer.`)
  return exitCodes.ok
}

export const settleTicket: Run = async (call) => {
  const take = call.options.text('take')
  if (take !== 'ours' && take !== 'theirs') throw usageError('Which side counts?', 'Say --take ours or --take theirs.')
  const api = await openApi(call)
  const ticket = await ticketOf(call, api)
  await api.client['tickets.settle']({ params: { id: ticket.id }, body: { take } })
  say(call, take === 'ours' ? 'The tracker is told.' : 'What is here follows the tracker.')
  return exitCodes.ok
}

async function aboutOf(
  { options }: Call,
  api: Api,
  incident: string | undefined,
): Promise<{ readonly kind: 'incident' | 'action'; readonly id: string }> {
  const number = options.integer('action', 1, 999_999_999)
  if (number === null) {
    if (incident === undefined) throw usageError('What is it about?', 'Name an incident, or say --action NUMBER.')
    return { kind: 'incident', id: await oneIncidentId(api, incident) }
  }
  return { kind: 'action', id: (await actionOf(api, String(number))).id }
}

async function connectionOf({ options }: Call, api: Api): Promise<string> {
  const named = options.text('tracker')
  if (named !== null) return named
  const { items } = await api.client['tickets.connections']()
  const [only, ...more] = items
  if (only !== undefined && more.length === 0) return only.name
  if (only === undefined)
    throw notFound('No tracker is connected.', 'An administrator does it: mainstay tracker connect.')
  throw usageError('At which tracker?', `Say --tracker ${items.map((each) => each.name).join(', ')}.`)
}

async function ticketOf({ args, options }: Call, api: Api): Promise<Ticket> {
  const [text = ''] = args
  const connection = options.text('tracker')
  const query = { key: text, limit: 2, ...(connection === null ? {} : { connection }) }
  const { items } = await api.client['tickets.list']({ query })
  const [only, ...more] = items
  if (only === undefined) throw notFound(`There is no ticket ${text}.`, 'See `mainstay ticket list`.')
  if (more.length > 0) throw usageError(`${text} is at several trackers.`, 'Say which with --tracker.')
  return only
}

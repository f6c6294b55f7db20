import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { type Instant, instant, parseInstant } from '../../kernel/instant.ts'
import { Answer, type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { readerFor } from '../incidents/core/index.ts'
import { listRestricted } from '../incidents/index.ts'
import { type ActionRow, listActionRows, listActionsOf, listOpenAges } from './actions.store.ts'
import { ageingOf } from './core/index.ts'
import { excusePostmortem } from './exceptions.contract.ts'
import * as contract from './postmortems.contract.ts'
import type { PostmortemsPorts } from './postmortems.ports.ts'
import { findPostmortem, listPostmortemNames, listPostmortemRows, type PostmortemRow } from './postmortems.store.ts'
import {
  postmortemMarkdown,
  presentAction,
  presentPostmortem,
  rankAction,
  risksOf,
  summarizePostmortem,
} from './present-postmortem.ts'
import type { OpenDocuments } from './together/open-documents.ts'
import { addCorrectiveAction, changeCorrectiveAction, finishCorrectiveAction } from './usecases/corrective-actions.ts'
import { excuseFromPostmortem } from './usecases/excuse-postmortem.ts'
import { openOnRequest } from './usecases/open-postmortem.ts'
import { needPostmortem, type Order } from './usecases/postmortem-entry.ts'
import {
  freezeAnew,
  movePostmortemTo,
  updatePostmortemHead,
  writePostmortemFactors,
  writePostmortemSection,
} from './usecases/write-postmortem.ts'

// Ranked as a whole before they are shown: an order cannot be continued from what was not compared.
const mostRanked = 2_000

const becauseOf = ({ because }: { readonly because?: string }) => (because === undefined ? {} : { because })

/** The schema lets some through that are no day of any calendar: 30 February. */
function need(text: string): Instant {
  const at = parseInstant(text)
  if (at === null) throw new AppError('invalid', 'postmortems.bad-time', `${text} is no time.`)
  return at
}

export function postmortemsRoutes(
  needs: Needs,
  ports: PostmortemsPorts,
  documents: OpenDocuments,
  wrote: (id: string) => void,
): readonly BoundOperation[] {
  const { database } = needs
  const reading = async (actor: Actor) => readerFor(actor, await ports.declaredNameOf(actor))
  const orderOf = async (id: string, actor: Actor): Promise<Order> => ({
    id,
    actor,
    by: await ports.personOf(actor),
    reader: await reading(actor),
  })
  const closedTo = async (actor: Actor) => (await listRestricted(database, await reading(actor))).closed
  const present = async (row: PostmortemRow, actor: Actor) => presentPostmortem(database, row, await closedTo(actor))
  const presentOne = async (action: ActionRow, actor: Actor) => {
    const of = await findPostmortem(database, action.postmortemId)
    if (of === null) throw new AppError('not-found', 'actions.unknown', 'There is no such action.')
    const risk = (await risksOf(database, [of.id], await closedTo(actor))).get(of.id)
    return presentAction(action, { of, risk, now: await database.now() })
  }
  const placeOf = (cursor: string | undefined) => {
    const [at, id] = decodeCursor(cursor, ['number', 'string']) ?? []
    return typeof at === 'number' && typeof id === 'string' ? { at: instant(at), id } : null
  }

  return [
    route(contract.listPostmortems, async ({ query, actor }) => {
      const limit = query.limit ?? 100
      const filter = {
        closed: await closedTo(actor),
        status: query.status ?? null,
        service: query.service ?? null,
        incident: query.incident ?? null,
        search: query.search ?? null,
        overdueAt: null,
      }
      const rows = await listPostmortemRows(database, filter, placeOf(query.cursor), limit + 1)
      const actions = await listActionsOf(
        database,
        rows.map((row) => row.id),
      )
      const now = await database.now()
      return toPage(
        rows,
        limit,
        (row) => [row.openedAt, row.id],
        (row) => summarizePostmortem(row, actions, now),
      )
    }),
    route(contract.readPostmortem, async ({ params, actor }) => {
      const row = await needPostmortem(database, params.id, await reading(actor))
      return new Answer(await present(row, actor), { version: row.version })
    }),
    route(contract.openPostmortemOperation, async ({ body, actor }) => {
      const { by, reader } = await orderOf('', actor)
      return present(
        await openOnRequest(needs, ports, { incidentId: body.incident, actor, by, reader, ...becauseOf(body) }),
        actor,
      )
    }),
    route(excusePostmortem, async ({ params, body, actor }) =>
      present(await excuseFromPostmortem(needs, { ...(await orderOf(params.id, actor)), ...body }), actor),
    ),
    route(contract.updatePostmortem, async ({ params, body, actor }) => {
      const { dueAt, ...rest } = body
      const due = dueAt === undefined ? {} : { dueAt: need(dueAt) }
      return present(
        await updatePostmortemHead(needs, { ...(await orderOf(params.id, actor)), ...rest, ...due }),
        actor,
      )
    }),
    route(contract.refreshFacts, async ({ params, actor }) =>
      present(await freezeAnew(needs, ports, await orderOf(params.id, actor)), actor),
    ),
    route(contract.writeSection, async ({ params, body, actor }) => {
      const order = { ...(await orderOf(params.id, actor)), ...body, section: params.section }
      const row = await writePostmortemSection(needs, documents, order)
      wrote(params.id)
      return present(row, actor)
    }),
    route(contract.writeFactors, async ({ params, body, actor }) =>
      present(await writePostmortemFactors(needs, { ...(await orderOf(params.id, actor)), ...body }), actor),
    ),
    route(contract.movePostmortem, async ({ params, body, actor }) =>
      present(
        await movePostmortemTo(needs, ports, {
          ...(await orderOf(params.id, actor)),
          to: body.to,
          note: body.note ?? null,
        }),
        actor,
      ),
    ),
    route(contract.exportPostmortem, async ({ params, actor }) => {
      const postmortem = await present(await needPostmortem(database, params.id, await reading(actor)), actor)
      return { postmortem, markdown: postmortemMarkdown(postmortem) }
    }),
    route(contract.listActions, async ({ query, actor }) => {
      const limit = query.limit ?? 100
      const now = await database.now()
      const closed = await closedTo(actor)
      const filter = {
        ...{ closed, state: query.state ?? null, owner: query.owner ?? null },
        ...{ number: query.number ?? null, now },
      }
      const isRanked = query.sort === 'priority'
      const found = isRanked
        ? await listActionRows(database, filter, null, mostRanked)
        : await listActionRows(database, filter, placeOf(query.cursor), limit + 1)
      const ids = [...new Set(found.map((row) => row.postmortemId))]
      const of = new Map((await listPostmortemNames(database, ids)).map((row) => [row.id, row]))
      const risks = await risksOf(database, ids, closed)
      const shown = found.flatMap((row) => {
        const postmortem = of.get(row.postmortemId)
        return postmortem === undefined ? [] : [{ row, postmortem, risk: risks.get(row.postmortemId) }]
      })
      const show = ({ row, postmortem, risk }: (typeof shown)[number]) =>
        presentAction(row, { of: postmortem, risk, now })
      if (!isRanked) return toPage(shown, limit, ({ row }) => [row.dueAt, row.id], show)
      const ranked = shown
        .map((each) => ({ each, perDay: rankAction(each.row, each.risk).perDay }))
        .sort((a, b) => b.perDay - a.perDay || a.each.row.dueAt - b.each.row.dueAt)
        .map(({ each }, index) => ({ ...each, index }))
      const [after] = decodeCursor(query.cursor, ['number', 'string']) ?? []
      const from = typeof after === 'number' ? after + 1 : 0
      return toPage(ranked.slice(from, from + limit + 1), limit, ({ index, row }) => [index, row.id], show)
    }),
    route(contract.readAgeing, async ({ actor }) => {
      const now = await database.now()
      return {
        buckets: ageingOf(await listOpenAges(database, await closedTo(actor)), now).map((each) => ({ ...each })),
      }
    }),
    route(contract.addAction, async ({ params, body, actor }) =>
      presentOne(
        await addCorrectiveAction(needs, {
          ...(await orderOf(params.id, actor)),
          ...body,
          dueAt: need(body.dueAt),
          size: body.size ?? null,
          signal: body.signal ?? null,
        }),
        actor,
      ),
    ),
    route(contract.changeAction, async ({ params, body, actor }) => {
      const { dueAt, reason, ...rest } = body
      const due = dueAt === undefined ? {} : { dueAt: need(dueAt) }
      const order = { ...(await orderOf(params.id, actor)), ...rest, ...due, reason: reason ?? null }
      return presentOne(await changeCorrectiveAction(needs, order), actor)
    }),
    route(contract.finishAction, async ({ params, body, actor }) =>
      presentOne(
        await finishCorrectiveAction(needs, {
          ...(await orderOf(params.id, actor)),
          signal: body.signal ?? null,
          note: body.note ?? null,
        }),
        actor,
      ),
    ),
  ]
}

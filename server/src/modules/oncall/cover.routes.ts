// Swap requests and calendars: the HTTP edge.
import { formatInstant, instant, parseInstant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { findResource } from '../catalog/index.ts'
import { type FeedRow, listFeeds } from './calendars.store.ts'
import { stateOfSwap } from './core/index.ts'
import * as contract from './cover.contract.ts'
import { readHandOver } from './hand-over.contract.ts'
import type { OncallPorts } from './oncall.ports.ts'
import { listSwaps, type SwapRow } from './swaps.store.ts'
import { importCalendar } from './usecases/import-calendar.ts'
import { importSchedules } from './usecases/import-schedules.ts'
import { createFeed, deleteFeed } from './usecases/publish-calendar.ts'
import { acceptSwap, declineSwap, requestSwap, withdrawSwap } from './usecases/swap-shifts.ts'
import { writeHandOver } from './usecases/write-hand-over.ts'

export function coverRoutes(needs: Needs, ports: OncallPorts): readonly BoundOperation[] {
  const { database } = needs
  const present = async (row: SwapRow): Promise<contract.SwapReply> => presentSwap(row, await database.now())
  return [
    route(readHandOver, ({ params, query }) =>
      writeHandOver(needs, ports, {
        schedule: params.name,
        at: query.at === undefined ? null : parseInstant(query.at),
      }),
    ),
    route(contract.listSwaps, async ({ query }) => {
      const limit = query.limit ?? 100
      const [at, id] = decodeCursor(query.cursor, ['number', 'string']) ?? []
      const before = typeof at === 'number' && typeof id === 'string' ? { at: instant(at), id } : null
      const filter = { schedule: query.schedule ?? null, open: query.all !== true }
      const rows = await listSwaps(database, filter, before, limit + 1)
      const now = await database.now()
      return toPage(
        rows,
        limit,
        (row) => [row.createdAt, row.id],
        (row) => presentSwap(row, now),
      )
    }),
    route(contract.requestSwap, async ({ params, body, actor }) =>
      present(await requestSwap(needs, ports, { schedule: params.name, body, actor })),
    ),
    route(contract.acceptSwap, async ({ params, body, actor }) =>
      present(
        await acceptSwap(needs, ports, {
          id: params.id,
          note: body.note ?? null,
          despite: body.despite === true,
          actor,
        }),
      ),
    ),
    route(contract.declineSwap, async ({ params, body, actor }) =>
      present(await declineSwap(needs, ports, { id: params.id, note: body.note ?? null, actor })),
    ),
    route(contract.withdrawSwap, async ({ params, actor }) =>
      present(await withdrawSwap(needs, ports, { id: params.id, actor })),
    ),
    route(contract.listFeeds, async ({ actor }) => ({
      items: (await listFeeds(database, actor.id)).map(presentFeed),
    })),
    route(contract.createFeed, async ({ body, actor }) => {
      const { feed, url } = await createFeed(needs, ports, { kind: body.kind, name: body.name ?? null, actor })
      return { feed: presentFeed(feed), url }
    }),
    route(contract.deleteFeed, async ({ params, actor }) => {
      await deleteFeed(needs, { id: params.id, actor })
      return null
    }),
    route(contract.importSchedules, ({ body }) => importSchedules(needs, ports, body.text)),
    route(
      contract.importCalendar,
      async ({ params, body, actor }) => {
        const { added, removed, skipped, ...rest } = await importCalendar(needs, ports, {
          schedule: params.name,
          text: body.text,
          as: body.as,
          kind: body.kind ?? 'replace',
          dryRun: body.dryRun === true,
          actor,
        })
        return { ...rest, added: [...added], removed: [...removed], skipped: [...skipped] }
      },
      async ({ params }) => {
        const team = (await findResource(database, { kind: 'Schedule', name: params.name }))?.document.spec.team
        return typeof team === 'string' ? team : null
      },
    ),
  ]
}

function presentSwap(row: SwapRow, now: Parameters<typeof stateOfSwap>[1]): contract.SwapReply {
  const { start, end, back, answeredAt, createdAt, ...rest } = row
  return {
    ...rest,
    start: formatInstant(start),
    end: formatInstant(end),
    back: back === null ? null : { start: formatInstant(back.start), end: formatInstant(back.end) },
    state: stateOfSwap(row, now),
    answeredAt: answeredAt === null ? null : formatInstant(answeredAt),
    createdAt: formatInstant(createdAt),
  }
}

function presentFeed({ id, kind, name, createdAt, lastReadAt }: FeedRow): contract.FeedReply {
  const read = lastReadAt === null ? null : formatInstant(lastReadAt)
  return { id, kind, name, createdAt: formatInstant(createdAt), lastReadAt: read }
}

import { AppError } from '../../kernel/app-error.ts'
import { day } from '../../kernel/duration.ts'
import { type Instant, instant, parseInstant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import * as contract from './maintenance.contract.ts'
import { findOccurrences, listOccurrences } from './maintenance.store.ts'
import { changeOccurrence, needOccurrence } from './usecases/change-occurrence.ts'
import { presentOccurrence } from './usecases/present-occurrence.ts'
import { previewWindow } from './usecases/preview-window.ts'

const usualMs = 30 * day
const longestMs = 400 * day
const furthestMs = 50 * 366 * day

export function maintenanceRoutes(needs: Needs): readonly BoundOperation[] {
  const { database } = needs
  // Of none: whoever may change nothing is told so, whether or not there is one.
  const teamOf = async ({ params }: { readonly params: { readonly id: string } }) => {
    const [found] = await findOccurrences(database, [params.id])
    return found?.team ?? null
  }
  return [
    route(contract.listMaintenance, async ({ query }) => {
      const now = await database.now()
      const limit = query.limit ?? 100
      const { from, to } = rangeOf(query, now)
      const services = query.service === undefined ? null : [query.service]
      const filter = { from, to, services, window: query.window ?? null }
      const rows = await listOccurrences(database, filter, afterOf(query.cursor), limit + 1)
      return toPage(
        rows,
        limit,
        (row) => [row.startsAt, row.id],
        (row) => presentOccurrence(row, now),
      )
    }),
    route(contract.readMaintenance, async ({ params }) =>
      presentOccurrence(await needOccurrence(database, params.id), await database.now()),
    ),
    route(contract.previewMaintenance, ({ body }) => previewWindow(database, body)),
    route(
      contract.endMaintenance,
      async ({ params, body, actor }) => {
        const changed = await changeOccurrence(needs, params.id, { kind: 'end' }, { actor, reason: body.reason })
        return presentOccurrence(changed, await database.now())
      },
      teamOf,
    ),
    route(
      contract.extendMaintenance,
      async ({ params, body, actor }) => {
        const until = parseInstant(body.until) ?? (await database.now())
        const changed = await changeOccurrence(
          needs,
          params.id,
          { kind: 'extend', until },
          { actor, reason: body.reason },
        )
        return presentOccurrence(changed, await database.now())
      },
      teamOf,
    ),
    route(
      contract.cancelMaintenance,
      async ({ params, body, actor }) => {
        const changed = await changeOccurrence(needs, params.id, { kind: 'cancel' }, { actor, reason: body.reason })
        return presentOccurrence(changed, await database.now())
      },
      teamOf,
    ),
  ]
}

function rangeOf(query: { readonly from?: string; readonly to?: string }, now: Instant) {
  const from = (query.from === undefined ? null : parseInstant(query.from)) ?? now
  const to = (query.to === undefined ? null : parseInstant(query.to)) ?? instant(from + usualMs)
  if (to <= from || to - from > longestMs || Math.abs(from - now) > furthestMs)
    throw new AppError(
      'invalid',
      'maintenance.bad-range',
      'The range ends before it begins, is longer than 400 days, or lies more than 50 years from now.',
    )
  return { from, to }
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

function afterOf(cursor: string | undefined) {
  const [at, id] = decodeCursor(cursor, ['number', 'string']) ?? []
  if (typeof at !== 'number' || typeof id !== 'string') return null
  // A cursor is input like any other: what is none of ours begins anew.
  return Number.isSafeInteger(at) && Math.abs(at) < 8.64e15 && isUuid(id) ? { at: instant(at), id } : null
}

import { formatInstant, instant, parseInstant } from '../../kernel/instant.ts'
import { Answer, type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { findService } from '../catalog/index.ts'
import {
  type ChangeReply,
  listChanges,
  readCalendar as readCalendarOperation,
  recordChange as recordChangeOperation,
} from './changes.contract.ts'
import { type ChangeRow, listChangeRows } from './changes.store.ts'
import { readCalendar } from './usecases/read-calendar.ts'
import { recordChange } from './usecases/record-change.ts'

export function changesRoutes(needs: Needs): readonly BoundOperation[] {
  return [
    route(
      recordChangeOperation,
      async ({ body, actor }) => {
        const { row, fresh } = await recordChange(needs, body, actor)
        return new Answer(present(row), { status: fresh ? 201 : 200 })
      },
      async ({ body }) => (await findService(needs.database, body.service))?.team ?? null,
    ),
    route(readCalendarOperation, ({ query }) =>
      readCalendar(needs.database, {
        from: query.from === undefined ? null : parseInstant(query.from),
        to: query.to === undefined ? null : parseInstant(query.to),
        service: query.service ?? null,
      }),
    ),
    route(listChanges, async ({ query }) => {
      const limit = query.limit ?? 100
      const [at, id] = decodeCursor(query.cursor, ['number', 'string']) ?? []
      const before = typeof at === 'number' && typeof id === 'string' ? { at: instant(at), id } : null
      const filter = {
        services: query.service === undefined ? null : [query.service],
        from: query.from === undefined ? null : parseInstant(query.from),
        to: query.to === undefined ? null : parseInstant(query.to),
      }
      return toPage(
        await listChangeRows(needs.database, filter, before, limit + 1),
        limit,
        (row) => [row.at, row.id],
        present,
      )
    }),
  ]
}

function present(row: ChangeRow): ChangeReply {
  return { ...row, at: formatInstant(row.at), recordedAt: formatInstant(row.recordedAt) }
}

// Work of every room that failed for good. It belongs to no room: the platform keeps it, an administrator decides.
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { formatInstant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import {
  dropSetAside,
  listSetAside,
  lockSetAside,
  retrySetAside,
  type SetAsideRow,
} from '../../platform/work/due-work.store.ts'
import { laneNames, lanes } from '../../platform/work/job.ts'
import { dropWork, listSetAsideWork, retryWork, workDropped, workErrors, workRetried } from './work.contract.ts'

export function workRoom(needs: Needs): Room {
  const decide = async (id: number, act: (tx: Tx, row: SetAsideRow) => Promise<void>) =>
    needs.database.transaction(async (tx) => {
      const row = await lockSetAside(tx, id)
      if (row === null)
        throw new AppError(
          'not-found',
          'work.unknown',
          'No such work is set aside: it was retried, dropped, or never was.',
        )
      await act(tx, row)
      return present(row)
    })
  const entry = (actor: Actor, { id, kind, key, attempts, lastError }: SetAsideRow) => ({
    actor,
    subject: { kind: 'work', id: String(id) },
    data: { kind, key, attempts, lastError },
  })
  return {
    name: 'work',
    operations: [
      route(listSetAsideWork, async ({ query }) => {
        const limit = query.limit ?? 100
        const before = decodeCursor(query.cursor, ['number'])?.[0]
        const rows = await listSetAside(needs.database, limit + 1, {
          ...(typeof before === 'number' ? { before } : {}),
          ...(query.kind === undefined ? {} : { kind: query.kind }),
        })
        return toPage(rows, limit, (row) => [row.id], present)
      }),
      route(retryWork, ({ params, actor }) =>
        decide(params.id, async (tx, row) => {
          if (!(await retrySetAside(tx, row.id)))
            throw new AppError(
              'conflict',
              'work.superseded',
              'Newer work for the same waits already and does what this one could not. Drop this one.',
            )
          await needs.journal.publish(tx, workRetried, entry(actor, row))
        }),
      ),
      route(dropWork, ({ params, body, actor }) =>
        decide(params.id, async (tx, row) => {
          await dropSetAside(tx, row.id)
          await needs.journal.publish(tx, workDropped, { ...entry(actor, row), reason: body.reason })
        }),
      ),
    ],
    events: [workRetried, workDropped],
    errors: workErrors,
  }
}

function present(row: SetAsideRow) {
  return {
    id: row.id,
    kind: row.kind,
    key: row.key,
    lane: laneNames.find((name) => lanes[name] === row.lane) ?? 'bulk',
    dueAt: formatInstant(row.dueAt),
    setAsideAt: formatInstant(row.setAsideAt),
    attempts: row.attempts,
    lastError: row.lastError,
  }
}

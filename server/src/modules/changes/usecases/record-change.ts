import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { minute } from '../../../kernel/duration.ts'
import { formatInstant, parseInstant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findService } from '../../catalog/index.ts'
import { type ChangeOrder, changeRecorded } from '../changes.contract.ts'
import { type ChangeRow, findChange, insertChange } from '../changes.store.ts'

// Clocks of build machines drift; more than this is a mistake that would hide the change from "what changed just now".
const toleratedAheadMs = 5 * minute

/** A second report of the same change answers the first one and changes nothing. */
export async function recordChange(
  needs: Needs,
  order: ChangeOrder,
  actor: Actor,
): Promise<{ row: ChangeRow; fresh: boolean }> {
  return needs.database.transaction(async (tx) => {
    const known = await findChange(tx, order.source, order.externalId)
    if (known !== null) return { row: known, fresh: false }
    const now = await tx.now()
    const at = order.at === undefined ? now : (parseInstant(order.at) ?? now)
    if (at > now + toleratedAheadMs) {
      throw new AppError(
        'invalid',
        'changes.in-the-future',
        `The change is dated ${formatInstant(at)}, ahead of our clock (${formatInstant(now)}).`,
        { faults: [{ pointer: '/at', detail: 'Leave it out to take the time of arrival.' }] },
      )
    }
    if ((await findService(tx, order.service)) === null) {
      throw new AppError('invalid', 'changes.unknown-service', `There is no service ${order.service} in the catalog.`, {
        faults: [{ pointer: '/service', detail: 'Declare the service first, or correct its name.' }],
      })
    }
    const row = await insertChange(tx, {
      id: needs.newId(),
      source: order.source,
      externalId: order.externalId,
      service: order.service,
      kind: order.kind ?? 'deployment',
      version: order.version ?? null,
      summary: order.summary,
      link: order.link ?? null,
      at,
    })
    if (row === null)
      throw new AppError(
        'unavailable',
        'changes.being-recorded',
        'The same change is being recorded by another request.',
        { retryAfterSeconds: 1 },
      )
    await needs.journal.publish(tx, changeRecorded, {
      actor,
      subject: { kind: 'change', id: row.id },
      links: [{ kind: 'service', id: row.service }],
      data: {
        service: row.service,
        kind: row.kind,
        version: row.version,
        summary: row.summary,
        at: formatInstant(row.at),
      },
    })
    return { row, fresh: true }
  })
}

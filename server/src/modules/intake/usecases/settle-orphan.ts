// An orphan is tried again as its source is declared now, or put away by a person.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Desk } from '../desk.ts'
import { orphanSettled } from '../intake.contract.ts'
import { findOrphan, type OrphanRow, settleOrphan } from '../orphans.store.ts'
import { sourceNamed } from './keys.ts'
import { takePayload } from './take-delivery.ts'

export async function replayOrphan(
  desk: Desk,
  order: { readonly id: string; readonly actor: Actor },
): Promise<{ readonly understood: boolean; readonly signals: number; readonly because: string | null }> {
  const orphan = await orphanWith(desk, order.id)
  if (orphan.cut)
    throw new AppError('conflict', 'intake.orphan-cut', 'It was longer than is kept, so it cannot be tried again.')
  const { source } = await sourceNamed(desk, orphan.source)
  const now = await desk.needs.database.now()
  const taken = await takePayload(desk, source, { body: Buffer.from(orphan.body), headers: orphan.headers }, now)
  if (taken.because !== null) return { understood: false, signals: taken.signals, because: taken.because }
  await settle(desk, orphan, 'understood', order.actor, null)
  return { understood: true, signals: taken.signals, because: null }
}

export async function dismissOrphan(
  desk: Desk,
  order: { readonly id: string; readonly actor: Actor; readonly reason: string | null },
): Promise<void> {
  await settle(desk, await orphanWith(desk, order.id), 'dismissed', order.actor, order.reason)
}

async function settle(
  desk: Desk,
  orphan: OrphanRow,
  settled: 'understood' | 'dismissed',
  actor: Actor,
  reason: string | null,
): Promise<void> {
  const by = await desk.ports.personOf(actor)
  await desk.needs.database.transaction(async (tx) => {
    if (!(await settleOrphan(tx, orphan.id, { settled, by }))) throw unknownOrphan()
    await desk.needs.journal.publish(tx, orphanSettled, {
      actor,
      subject: { kind: 'alert-source', id: orphan.source },
      ...(reason === null ? {} : { reason }),
      data: { source: orphan.source, orphan: orphan.id, because: orphan.because.slice(0, 500), settled },
    })
  })
}

const unknownOrphan = () =>
  new AppError('not-found', 'intake.unknown-orphan', 'There is no such orphan, or it is settled.')

async function orphanWith(desk: Desk, id: string): Promise<OrphanRow> {
  const orphan = await findOrphan(desk.needs.database, id)
  if (orphan === null) throw unknownOrphan()
  return orphan
}

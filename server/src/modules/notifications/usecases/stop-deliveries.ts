// Stops everything not yet sent for a page or an alert, in the transaction of the acknowledgement itself.
import type { Actor } from '../../../kernel/actor.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { cancelWork } from '../../../platform/work/due-work.store.ts'
import { moveDelivery } from '../core/index.ts'
import { type DeliveryRow, lockOpenDeliveries, saveDelivery, toDelivery } from '../deliveries.store.ts'
import { deliveryCancelled } from '../notifications.contract.ts'
import { closeIfStopped, stopNotices } from '../page-notices.store.ts'
import { jobOf } from './delivery-jobs.ts'
import { dataOf, linksOf } from './record-outcome.ts'
import { queueUpdates } from './update-messages.ts'

export interface StopOrder {
  readonly pageId?: string
  readonly alertId?: string
  readonly because: string
  readonly by: Actor
}

export async function stopDeliveries(tx: Tx, needs: Pick<Needs, 'journal'>, order: StopOrder): Promise<void> {
  const open = [...(await lockOpenDeliveries(tx, order))]
  for (const bundleId of await stopNotices(tx, order, order.because)) {
    // The messages before the bundle, in the order in which a send takes them.
    const messages = await lockOpenDeliveries(tx, { pageId: bundleId })
    if (await closeIfStopped(tx, bundleId)) open.push(...messages)
  }
  for (const row of open) await stopOne(tx, needs, row, order)
  await queueUpdates(tx, order, order.because)
}

async function stopOne(tx: Tx, needs: Pick<Needs, 'journal'>, row: DeliveryRow, order: StopOrder): Promise<void> {
  const move = moveDelivery(toDelivery(row), { kind: 'cancelled', because: order.because }, await tx.now())
  await saveDelivery(tx, move.delivery)
  // One that is being sent keeps its job: its outcome is still recorded, and its last check finds the stop.
  if (move.delivery.phase.kind !== 'cancelled') return
  await cancelWork(tx, jobOf(row), row.key)
  await needs.journal.publish(tx, deliveryCancelled, {
    actor: order.by,
    subject: { kind: 'delivery', id: row.key },
    links: linksOf(row, row.alertId === null ? [] : [row.alertId]),
    reason: order.because,
    data: dataOf(row, row.attempts, order.because),
  })
}

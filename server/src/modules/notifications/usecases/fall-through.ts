// A channel took the page, and yet nobody heard it: the push lies unseen, the call rings out, the text is not delivered.
// The person's next contact is brought forward.
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findMessage, lockMessageOf, setFate } from '../channels.store.ts'
import { fallsThroughUnseen } from '../core/index.ts'
import { isToPerson, lockDelivery, type ToPerson } from '../deliveries.store.ts'
import { deliveryUnheard } from '../notifications.contract.ts'
import type { NotificationPorts } from '../notifications.ports.ts'
import { listWaitingAlerts } from '../page-notices.store.ts'
import { actor, dataOf, linksOf, nextChannel } from './record-outcome.ts'

export async function checkSeen(needs: Needs, ports: NotificationPorts, key: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const row = await lockDelivery(tx, key)
    if (row === null || !isToPerson(row) || row.phase !== 'sent' || !fallsThroughUnseen(row)) return
    if ((await lockMessageOf(tx, key))?.seenAt != null) return
    await tryNext(tx, needs, ports, row, 'Nobody has seen it for a minute.')
  })
}

export async function recordFate(
  needs: Needs,
  ports: NotificationPorts,
  order: { readonly handle: string; readonly fate: string; readonly failed: boolean },
): Promise<void> {
  const message = await findMessage(needs.database, order.handle)
  if (message === null) return
  await needs.database.transaction(async (tx) => {
    const row = await lockDelivery(tx, message.key)
    // The provider repeats itself: the same news is news once.
    if (row === null || !isToPerson(row) || (await lockMessageOf(tx, message.key))?.fate === order.fate) return
    await setFate(tx, order.handle, order.fate)
    if (order.failed) await tryNext(tx, needs, ports, row, `The provider says: ${order.fate}.`)
  })
}

async function tryNext(tx: Tx, needs: Needs, ports: NotificationPorts, row: ToPerson, because: string): Promise<void> {
  const alerts = await listWaitingAlerts(tx, row.pageId)
  // Acknowledged or over: nobody is woken for what is done.
  if (alerts.length === 0) return
  await needs.journal.publish(tx, deliveryUnheard, {
    actor,
    subject: { kind: 'delivery', id: row.key },
    links: linksOf(row, alerts),
    reason: because,
    data: dataOf(row, row.attempts, because),
  })
  await nextChannel(tx, needs, ports, { row, alerts }, because, 'unheard')
}

// Before a page that came due during an outage is claimed: reminders of the same page fall away, and more than three
// pages to one contact become one message.
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork, cancelWork } from '../../../platform/work/due-work.store.ts'
import { decideCatchUp, deliveryKey, isLate, lateMs, moveDelivery } from '../core/index.ts'
import {
  type DeliveryRow,
  findDelivery,
  insertDelivery,
  isToPerson,
  lockLatePages,
  saveDelivery,
  toDelivery,
} from '../deliveries.store.ts'
import { deliveryCancelled } from '../notifications.contract.ts'
import { insertBundle, lockPerson, moveIntoBundle } from '../page-notices.store.ts'
import { jobOf } from './delivery-jobs.ts'
import { actor, dataOf, linksOf } from './record-outcome.ts'

export async function catchUp(tx: Tx, needs: Pick<Needs, 'journal' | 'newId'>, key: string): Promise<void> {
  const row = await findDelivery(tx, key)
  const now = await tx.now()
  // What a machine is told is never told together with something else.
  if (row === null || !isToPerson(row) || row.purpose !== 'page' || row.phase !== 'pending' || row.attempts > 0) return
  if (row.dueAt === null || !isLate(row.dueAt, now)) return
  // One at a time for a person: the others wait here and find their pages told.
  lockPerson(tx, row.person)
  const late = await lockLatePages(tx, row.person, row.contact, lateMs)
  const { superseded, together } = decideCatchUp(
    late.map(({ key: each, pageId, order, dueAt, createdAt }) => ({
      key: each,
      pageId,
      order,
      dueAt: dueAt ?? createdAt,
    })),
  )
  const cancel = async (keys: readonly string[], because: string) => {
    for (const each of late.filter((one) => keys.includes(one.key))) await cancelOne(tx, needs, each, because)
  }
  await cancel(superseded, 'It came due during an outage; only the last reminder of this page is sent.')
  if (together.length === 0) return
  const [first] = late
  if (first === undefined) return
  const bundleId = needs.newId()
  const { urgency, contact, step } = first
  const { person } = row
  await insertBundle(tx, { id: bundleId, person, urgency, dueAt: now })
  const pages = late.filter((each) => together.includes(each.key)).map((each) => each.pageId)
  await moveIntoBundle(tx, pages, bundleId)
  await cancel(together, `${pages.length} pages came due during an outage; they come as one message.`)
  const order = 1
  const bundle: DeliveryRow = {
    ...first,
    key: deliveryKey({ page: bundleId, step, person, order, contact }),
    purpose: 'bundle',
    pageId: bundleId,
    alertId: null,
    service: null,
    order,
    content: {},
    plan: [],
    because: 'several pages came due during an outage',
  }
  if (await insertDelivery(tx, { ...bundle, dueAt: now }))
    await addWork(tx, jobOf(bundle), { key: bundle.key }, { key: bundle.key, dueAt: now })
}

async function cancelOne(tx: Tx, needs: Pick<Needs, 'journal'>, row: DeliveryRow, because: string): Promise<void> {
  const { delivery } = moveDelivery(toDelivery(row), { kind: 'cancelled', because }, await tx.now())
  await saveDelivery(tx, delivery)
  await cancelWork(tx, jobOf(row), row.key)
  await needs.journal.publish(tx, deliveryCancelled, {
    actor,
    subject: { kind: 'delivery', id: row.key },
    links: linksOf(row, row.alertId === null ? [] : [row.alertId]),
    reason: because,
    data: dataOf(row, row.attempts, because),
  })
}

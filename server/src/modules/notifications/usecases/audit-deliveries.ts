// Finds deliveries whose time passed without anything happening, gives them their job back and says so.
import { minute } from '../../../kernel/duration.ts'
import { plus } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { listOverdue } from '../deliveries.store.ts'
import { jobOf } from './delivery-jobs.ts'

const overdueMs = minute
const atOnce = 500

export async function auditDeliveries(needs: Needs): Promise<number> {
  return needs.database.transaction(async (tx) => {
    const now = await tx.now()
    const overdue = await listOverdue(tx, plus(now, -overdueMs), atOnce)
    for (const row of overdue) {
      const { key, dueAt } = row
      await addWork(tx, jobOf(row), { key }, { key, dueAt: dueAt ?? now, onDuplicate: 'keep' })
    }
    if (overdue.length > 0)
      needs.log.error('Deliveries were overdue and were given their job back.', {
        count: overdue.length,
        oldest: overdue[0]?.key,
      })
    return overdue.length
  })
}

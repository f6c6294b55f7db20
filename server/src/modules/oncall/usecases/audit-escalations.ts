// The watchdog of the escalations: whatever is more than a minute late gets its job back, and everybody can see it.
import { automation } from '../../../kernel/actor.ts'
import { minute } from '../../../kernel/duration.ts'
import { formatInstant, plus } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { escalate, escalationOverdue } from '../oncall.contract.ts'
import { listOverdueEscalations, lockEscalation } from '../oncall.store.ts'

const overdueMs = minute
const atOnce = 500
const actor = automation('oncall.audit-escalations')

/** Costs one index range on the due times, however many escalations are open. */
export async function auditEscalations(needs: Needs): Promise<number> {
  return needs.database.transaction(async (tx) => {
    const now = await tx.now()
    const overdue = await listOverdueEscalations(tx, plus(now, -overdueMs), atOnce)
    for (const { id, alertId, nextAt } of overdue) {
      // Keeps a job that is only late; replaces one that was lost or set aside.
      await addWork(tx, escalate, { escalation: id }, { key: id, dueAt: nextAt, onDuplicate: 'keep' })
      const row = await lockEscalation(tx, id)
      if (row === null) continue
      await needs.journal.publish(tx, escalationOverdue, {
        actor,
        subject: { kind: 'alert', id: alertId },
        links: [{ kind: 'escalation', id }, ...(row.service === null ? [] : [{ kind: 'service', id: row.service }])],
        reason: `The step was due at ${formatInstant(nextAt)} and nothing happened.`,
        data: { alert: alertId, escalation: id, policy: row.policyName, urgency: row.urgency },
      })
    }
    if (overdue.length > 0)
      needs.log.error('Escalations were overdue and were given their job back.', { count: overdue.length })
    return overdue.length
  })
}

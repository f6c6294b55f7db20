// Which job does what.
import { noteResumed } from './answers.ts'
import type { Tx } from './database.ts'
import { auditEscalations, escalateDue, nextAudit, pageUnheard, rememberMissed } from './escalating.ts'
import { nextSweep, sweepAlerts, sweepSilences } from './holding.ts'
import { sealJournal } from './journal.ts'
import { auditDeliveries, checkSeen, nextOverdue } from './outcomes.ts'
import { type House, regroup } from './paging.ts'
import type { WorkKind, WorkRow } from './rows.ts'
import { nextTelling, tellDue } from './telling.ts'

export function runJob(tx: Tx, house: House, { kind, subject }: WorkRow): void {
  switch (kind) {
    case 'escalate':
      return void escalateDue(tx, subject)
    case 'page-unheard':
      return void pageUnheard(tx, subject)
    case 'remember-missed':
      return void rememberMissed(tx, subject)
    case 'note-resumed':
      return void noteResumed(tx, subject)
    case 'tell':
      return void tellDue(tx, house)
    case 'regroup':
      return void regroup(tx, subject)
    case 'check-seen':
      return void checkSeen(tx, subject)
    case 'audit-escalations':
      return void auditEscalations(tx)
    case 'audit-deliveries':
      return void auditDeliveries(tx)
    case 'seal':
      return void sealJournal(tx)
    case 'sweep':
      tellDue(tx, house)
      sweepSilences(tx, house)
      return void sweepAlerts(tx, house)
    case 'deliver':
    case 'deliver-notice':
      throw new Error('Deliveries are sent by the fleet.')
  }
}

/** When a job that comes back for ever may next find something to do. */
export function nextFind(tx: Tx, kind: WorkKind): number {
  if (kind === 'audit-escalations') return nextAudit(tx)
  if (kind === 'audit-deliveries') return nextOverdue(tx)
  if (kind === 'sweep') return Math.min(nextSweep(tx), nextTelling(tx))
  return tx.db.journal.size === 0 ? Number.MAX_SAFE_INTEGER : tx.now
}

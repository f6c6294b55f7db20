// How a tracker is doing: one back-off for everything that is for it.
import { automation } from '../../../kernel/actor.ts'
import { plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { lockConnection, saveAway } from '../connections.store.ts'
import { awayForMs } from '../core/index.ts'
import { trackerLost, trackerRegained } from '../tickets.contract.ts'
import type { TicketsPorts } from '../tickets.ports.ts'

const link = automation('tickets.tend')
/** Twice may be chance, and a tracker that asks us to slow down is not lost. */
const lostAfter = 3

export async function noteAway(
  tx: Tx,
  needs: Needs,
  ports: TicketsPorts,
  name: string,
  failure: { readonly because: string; readonly afterMs: number | null },
): Promise<void> {
  const row = await lockConnection(tx, name)
  if (row === null) return
  const now = await tx.now()
  const failures = row.failures + 1
  await saveAway(tx, name, {
    awaySince: row.awaySince ?? now,
    nextTryAt: plus(now, awayForMs(row.failures, failure.afterMs)),
    failures,
    because: failure.because,
  })
  if (failures === lostAfter)
    await needs.journal.publish(tx, trackerLost, {
      actor: link,
      subject: { kind: 'tracker', id: name },
      reason: failure.because,
      data: { connection: name, tracker: ports.trackers[row.tracker].title, because: failure.because },
    })
}

export async function noteBack(tx: Tx, needs: Needs, ports: TicketsPorts, name: string): Promise<void> {
  const row = await lockConnection(tx, name)
  if (row === null || row.failures === 0) return
  await saveAway(tx, name, { awaySince: null, nextTryAt: null, failures: 0, because: null })
  if (row.failures >= lostAfter)
    await needs.journal.publish(tx, trackerRegained, {
      actor: link,
      subject: { kind: 'tracker', id: name },
      data: { connection: name, tracker: ports.trackers[row.tracker].title },
    })
}

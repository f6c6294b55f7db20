// A process was killed between "this message may leave" and its last bytes, and its own disk shows it: what was counted as a copy
// was none, and a page that was given up for it goes on.
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { deliveryDueAt, moveDelivery } from '../core/index.ts'
import { findDoubted, lockDelivery, saveDelivery, settleDoubted, toDelivery } from '../deliveries.store.ts'
import { isStillTold } from '../page-notices.store.ts'
import { jobOf } from './delivery-jobs.ts'

/**
 * False where the database knows better: it was taken, it ended otherwise, or it was never marked. Idempotent. One to a machine that
 * was given up meanwhile stays so: nobody keeps for it whether it would still be told.
 */
export async function recordNothingLeft(
  tx: Tx,
  needs: Pick<Needs, 'log'>,
  { key, attempt }: { readonly key: string; readonly attempt: number },
): Promise<boolean> {
  const row = await lockDelivery(tx, key)
  if (row === null) return false
  const doubted = await findDoubted(tx, key, attempt)
  if (doubted === null) return false
  await settleDoubted(tx, key, attempt)
  // Nobody has taken it over yet: whoever does finds that nothing had left.
  if (!doubted.isOver) return true
  const now = await tx.now()
  const move = moveDelivery(toDelivery(row), { kind: 'nothing-left' }, now)
  const goesOn = move.delivery.phase.kind !== row.phase
  // Given up and answered meanwhile: nobody is to hear of it any more.
  if (goesOn && !(await isStillTold(tx, row.pageId))) return true
  await saveDelivery(tx, move.delivery)
  const dueAt = deliveryDueAt(move.delivery)
  if (goesOn && dueAt !== null) {
    await addWork(tx, jobOf(row), { key }, { key, dueAt })
    needs.log.info('A message that was given up goes on: nothing of it had left.', { key })
  }
  return true
}

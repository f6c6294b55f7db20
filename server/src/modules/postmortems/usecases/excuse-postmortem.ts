// An exception is an act of somebody else than who owes the postmortem, with a reason on record.
import { roleAtLeast } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork, cancelWork } from '../../../platform/work/due-work.store.ts'
import { firstLook } from '../core/index.ts'
import { postmortemDueAgain, postmortemExcused } from '../exceptions.contract.ts'
import { remindPostmortem } from '../postmortems.contract.ts'
import { type PostmortemRow, saveException } from '../postmortems.store.ts'
import { dataOf, entryOf, loadOpen, type Order } from './postmortem-entry.ts'

export async function excuseFromPostmortem(
  needs: Needs,
  order: Order & { readonly excused: boolean; readonly reason: string },
): Promise<PostmortemRow> {
  const { actor, by, excused, reason } = order
  return needs.database.transaction(async (tx) => {
    const row = await loadOpen(tx, order)
    if ((row.excusedAt !== null) === excused)
      throw new AppError(
        'conflict',
        'postmortems.same-exception',
        excused ? `${row.excusedBy} excused it already.` : 'It is not excused.',
      )
    const isAdmin = 'role' in actor && roleAtLeast(actor.role, 'admin')
    if (excused && row.owner === by && !isAdmin)
      throw new AppError(
        'forbidden',
        'postmortems.own-exception',
        'You own this postmortem: somebody else has to say that it is not needed.',
      )
    const now = await tx.now()
    const saved = await saveException(tx, row.id, excused ? { at: now, by, because: reason } : null)
    if (excused) await cancelWork(tx, remindPostmortem, row.id)
    else await addWork(tx, remindPostmortem, { postmortemId: row.id }, { key: row.id, dueAt: firstLook(row.dueAt) })
    await needs.journal.publish(tx, excused ? postmortemExcused : postmortemDueAgain, {
      ...(await entryOf(tx, saved, actor, reason)),
      data: dataOf(saved),
    })
    return saved
  })
}

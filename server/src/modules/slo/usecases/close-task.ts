// Tasks that policies opened: listed by due date, closed with a word on what came of them.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { subjectView } from '../core/subject.ts'
import { findTask, closeTask as saveClosed, type TaskRow } from '../episodes.store.ts'
import { type BudgetTask, taskClosed } from '../policies.contract.ts'
import type { SloPorts } from '../slo.ports.ts'
import { about } from './act-on-step.ts'

export async function closeTask(
  needs: Needs,
  ports: SloPorts,
  order: { readonly id: string; readonly outcome: 'done' | 'dropped'; readonly note: string; readonly actor: Actor },
): Promise<BudgetTask> {
  return needs.database.transaction(async (tx) => {
    const by = (await ports.declaredNameOf?.(tx, order.actor)) ?? order.actor.name
    const closed = await saveClosed(tx, { id: order.id, state: order.outcome, by, note: order.note })
    if (closed === null) {
      if ((await findTask(tx, order.id)) === null)
        throw new AppError('not-found', 'slo.unknown-task', 'There is no such task.')
      throw new AppError('conflict', 'slo.task-closed', 'The task is closed already.')
    }
    await needs.journal.publish(tx, taskClosed, {
      actor: order.actor,
      ...about(closed),
      reason: order.note,
      data: { task: closed.id, outcome: order.outcome, service: closed.service },
    })
    return presentTask(closed, await tx.now())
  })
}

export function presentTask(row: TaskRow, now: Instant): BudgetTask {
  const { id, policy, objective, service, title, because, state } = row
  return {
    ...{ id, policy, ...subjectView(objective), service, title, because, state },
    owner: row.owner === null ? null : { kind: row.ownerKind, name: row.owner },
    openedAt: formatInstant(row.openedAt),
    dueAt: formatInstant(row.dueAt),
    overdue: state === 'open' && row.dueAt < now,
    closed:
      row.closedAt === null ? null : { at: formatInstant(row.closedAt), by: row.closedBy ?? '', note: row.note ?? '' },
  }
}

// Corrections: a past stretch that was measured wrong, or hurt nobody, is taken out of the budget, with a reason and a
// name. Numbers are computed anew; what was told of the old ones stays on record.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { whenFault } from '../core/exclusion.ts'
import type { ExclusionMode } from '../core/ring.ts'
import { type CorrectionReply, correctionWithdrawn, objectiveCorrected } from '../corrections.contract.ts'
import { type ExclusionRow, listCorrections, saveExclusion, withdrawCorrection } from '../exclusions.store.ts'
import { bumpRegistry } from '../objectives.store.ts'
import { needObjective } from './describe-objectives.ts'

export const mostCorrections = 500

export async function correctObjective(
  needs: Needs,
  order: { name: string; from: Instant; to: Instant; mode: ExclusionMode; reason: string; actor: Actor },
): Promise<CorrectionReply> {
  return needs.database.transaction(async (tx) => {
    const objective = await needObjective(tx, order.name)
    const when = { kind: 'once', from: order.from, to: order.to } as const
    const now = await tx.now()
    const wrong =
      whenFault(when) ??
      (order.to > now ? 'A correction is of the past. Declare a BudgetExclusion for what is to come.' : null)
    if (wrong !== null)
      throw new AppError('invalid', 'slo.bad-correction', wrong, { faults: [{ pointer: '/from', detail: wrong }] })
    if ((await listCorrections(tx, order.name, mostCorrections)).length === mostCorrections)
      throw new AppError('limited', 'slo.too-many-corrections', `An objective takes ${mostCorrections} corrections.`)
    const row: ExclusionRow = {
      id: needs.newId(),
      source: 'correction',
      services: [],
      objectives: [order.name],
      mode: order.mode,
      when,
      reason: order.reason,
      author: order.actor.name,
      createdAt: now,
      withdrawnAt: null,
      withdrawnBy: null,
      withdrawnReason: null,
    }
    await saveExclusion(tx, row)
    await bumpRegistry(tx)
    await needs.journal.publish(tx, objectiveCorrected, {
      actor: order.actor,
      subject: { kind: 'objective', id: order.name },
      links: [{ kind: 'service', id: objective.service }],
      reason: order.reason,
      data: {
        objective: order.name,
        correction: row.id,
        from: formatInstant(order.from),
        to: formatInstant(order.to),
        mode: order.mode,
      },
    })
    return present(row)
  })
}

export async function withdrawObjectiveCorrection(
  needs: Needs,
  order: { name: string; id: string; reason: string; actor: Actor },
): Promise<CorrectionReply> {
  return needs.database.transaction(async (tx) => {
    const objective = await needObjective(tx, order.name)
    const row = await withdrawCorrection(tx, {
      id: order.id,
      objective: order.name,
      by: order.actor.name,
      reason: order.reason,
    })
    if (row === null)
      throw new AppError('not-found', 'slo.unknown-correction', 'There is no such correction, or it was withdrawn.')
    await bumpRegistry(tx)
    await needs.journal.publish(tx, correctionWithdrawn, {
      actor: order.actor,
      subject: { kind: 'objective', id: order.name },
      links: [{ kind: 'service', id: objective.service }],
      reason: order.reason,
      data: { objective: order.name, correction: row.id },
    })
    return present(row)
  })
}

export async function readCorrections(queries: Queries, name: string): Promise<CorrectionReply[]> {
  await needObjective(queries, name)
  return (await listCorrections(queries, name, mostCorrections)).map(present)
}

function present(row: ExclusionRow): CorrectionReply {
  const { when } = row
  return {
    id: row.id,
    from: when.kind === 'once' ? formatInstant(when.from) : '',
    to: when.kind === 'once' ? formatInstant(when.to) : '',
    mode: row.mode,
    reason: row.reason,
    author: row.author,
    at: formatInstant(row.createdAt),
    withdrawn:
      row.withdrawnAt === null
        ? null
        : { at: formatInstant(row.withdrawnAt), by: row.withdrawnBy ?? '', reason: row.withdrawnReason ?? '' },
  }
}

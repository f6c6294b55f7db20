// Whether an alert was worth it: a word from whoever took it, at once or afterwards.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type AlertRow, addTrace, lockAlert } from '../alerts.store.ts'
import { asked } from '../core/index.ts'
import { alertRated } from '../quality.contract.ts'
import { findRating, type Rating, saveRating } from '../quality.store.ts'
import { dataOf, linksOf } from './alert-entry.ts'

export interface RatingOrder {
  readonly alertId: string
  readonly useful: boolean | null
  readonly actor: Actor
  readonly by: string
}

export async function rateAlert(needs: Needs, order: RatingOrder): Promise<Rating> {
  return needs.database.transaction(async (tx) => {
    const row = await lockAlert(tx, order.alertId)
    if (row === null) throw new AppError('not-found', 'alerts.unknown', 'There is no such alert.')
    return rateLocked(tx, needs, row, order)
  })
}

/** The same word again changes nothing, and whoever said it first stays. */
export async function rateLocked(
  tx: Tx,
  needs: Needs,
  row: AlertRow,
  { useful, actor, by }: Omit<RatingOrder, 'alertId'>,
): Promise<Rating> {
  const before = row.useful === useful ? await findRating(tx, row.id) : null
  if (before !== null) return before
  const rating = await saveRating(tx, row.id, useful, by)
  const word = useful === null ? 'taken back' : useful ? 'useful' : 'noise'
  const reason =
    useful === null ? `${by} took the rating back.` : `${by}: ${useful ? 'it was worth it' : 'it was noise'}.`
  await addTrace(tx, [{ alertId: row.id, asked: asked('rating', word, reason) }])
  await needs.journal.publish(tx, alertRated, {
    actor,
    subject: { kind: 'alert', id: row.id },
    links: linksOf(row),
    reason,
    data: { ...dataOf(row), useful, by },
  })
  return rating
}

// Remembers what people say about kinds of alerts, and forgets it again.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AlertRow } from '../../alerts/index.ts'
import { learntForMs, type PairVerdict, pairInWords, pairsBetween } from '../core/index.ts'
import { pairForgotten, pairLearnt } from '../regrouping.contract.ts'
import {
  dropOldPairs,
  type PairRow,
  pairOfRow,
  type RegroupingRow,
  removePair,
  removePairsLearnt,
  savePair,
} from '../regrouping.store.ts'
import { symptomOf } from './place-alert.ts'

export interface Learning {
  readonly verdict: PairVerdict
  readonly moved: readonly AlertRow[]
  readonly others: readonly AlertRow[]
  readonly regrouping: RegroupingRow
  readonly actor: Actor
}

export async function learnPairs(tx: Tx, needs: Needs, order: Learning): Promise<readonly PairRow[]> {
  const { regrouping, verdict } = order
  const learnt: PairRow[] = []
  for (const ends of pairsBetween(order.moved.map(symptomOf), order.others.map(symptomOf))) {
    const pair = {
      id: needs.newId(),
      ends,
      verdict,
      because: regrouping.reason,
      saidBy: regrouping.saidBy,
      saidAt: regrouping.saidAt,
      until: plus(regrouping.saidAt, learntForMs),
    }
    const row = await savePair(tx, pair, regrouping.id)
    learnt.push(row)
    await needs.journal.publish(tx, pairLearnt, { ...entryOf(row, order.actor), reason: regrouping.reason })
  }
  await dropOldPairs(tx, regrouping.saidAt)
  return learnt
}

export async function forgetPair(
  needs: Needs,
  order: { readonly id: string; readonly reason: string; readonly actor: Actor },
): Promise<PairRow> {
  return needs.database.transaction(async (tx) => {
    const row = await removePair(tx, order.id)
    if (row === null) throw new AppError('not-found', 'incidents.unknown-pair', 'Nothing of that kind is remembered.')
    await needs.journal.publish(tx, pairForgotten, { ...entryOf(row, order.actor), reason: order.reason })
    return row
  })
}

export async function forgetLearnt(
  tx: Tx,
  needs: Needs,
  order: { regroupingId: string; actor: Actor; reason: string },
) {
  for (const row of await removePairsLearnt(tx, order.regroupingId))
    await needs.journal.publish(tx, pairForgotten, { ...entryOf(row, order.actor), reason: order.reason })
}

function entryOf(row: PairRow, actor: Actor) {
  const services = [...new Set([row.oneService, row.otherService])].filter((each) => each !== '')
  return {
    actor,
    subject: { kind: 'correlation-pair', id: row.id },
    links: services.map((id) => ({ kind: 'service', id })),
    data: { pairId: row.id, verdict: row.verdict, sentence: pairInWords(pairOfRow(row)) },
  }
}

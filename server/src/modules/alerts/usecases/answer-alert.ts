// What people do to an alert: take it, give it back, leave it until later, close it. Row, pages and journal in one step.
import { type Actor, automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { alertAcknowledged, alertSnoozed, alertUnacknowledged, alertWoken } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { type AlertRow, addTrace, answerOf, lockAlert, saveAnswer, toEpisode } from '../alerts.store.ts'
import {
  type Answerable,
  type AnswerDecision,
  asked,
  decideAcknowledge,
  decideClose,
  decideSnooze,
  decideUnacknowledge,
} from '../core/index.ts'
import { dataOf, linksOf } from './alert-entry.ts'
import { closeAlert } from './close-alert.ts'

export interface AnswerOrder {
  readonly alertId: string
  readonly actor: Actor
  /** The name that is shown and paged by: the catalog's person where there is one. */
  readonly by: string
}

export async function acknowledgeAlert(needs: Needs, ports: AlertsPorts, order: AnswerOrder): Promise<AlertRow> {
  return needs.database.transaction(async (tx) => {
    const { row, now } = await load(tx, order)
    const decision = accept(decideAcknowledge(answerable(row), order.by, now))
    const saved = await saveAnswer(tx, row.id, decision.alert.answer)
    await ports.paging.acknowledge(tx, saved, order.by)
    await addTrace(tx, [{ alertId: row.id, asked: asked('answer', 'acknowledged', decision.reason) }])
    await needs.journal.publish(tx, alertAcknowledged, {
      ...entry(order, saved, decision.reason),
      data: { ...dataOf(saved), by: order.by },
    })
    return saved
  })
}

export async function unacknowledgeAlert(needs: Needs, ports: AlertsPorts, order: AnswerOrder): Promise<AlertRow> {
  return needs.database.transaction(async (tx) => {
    const { row } = await load(tx, order)
    const decision = accept(decideUnacknowledge(answerable(row), order.by))
    const saved = await saveAnswer(tx, row.id, decision.alert.answer)
    await ports.paging.unacknowledge(tx, saved, order.by)
    await addTrace(tx, [{ alertId: row.id, asked: asked('answer', 'given back', decision.reason) }])
    await needs.journal.publish(tx, alertUnacknowledged, {
      ...entry(order, saved, decision.reason),
      data: { ...dataOf(saved), by: order.by },
    })
    return saved
  })
}

/** Paging went on by itself (the acknowledgement timed out), so nobody has the alert any more. */
export async function noteResumed(needs: Needs, alertId: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const row = await lockAlert(tx, alertId)
    if (row === null || row.status === 'firing' || row.status === 'resolved') return
    const saved = await saveAnswer(tx, row.id, { kind: 'unanswered' })
    const because = `Paging went on: ${row.answeredBy ?? 'nobody'} answered and nothing ended.`
    await addTrace(tx, [{ alertId, asked: asked('answer', 'woken', because) }])
    const actor = automation('alerts.follow-pages')
    await needs.journal.publish(tx, alertWoken, {
      actor,
      subject: { kind: 'alert', id: alertId },
      links: linksOf(saved),
      reason: because,
      data: dataOf(saved),
    })
  })
}

export async function snoozeAlert(
  needs: Needs,
  ports: AlertsPorts,
  order: AnswerOrder & { readonly forMs: number },
): Promise<AlertRow> {
  return needs.database.transaction(async (tx) => {
    const { row, now } = await load(tx, order)
    const until: Instant = plus(now, order.forMs)
    const decision = accept(decideSnooze(answerable(row), order.by, until, now))
    const saved = await saveAnswer(tx, row.id, decision.alert.answer)
    await ports.paging.snooze(tx, saved, order.by, until)
    await addTrace(tx, [{ alertId: row.id, asked: asked('answer', 'snoozed', decision.reason) }])
    await needs.journal.publish(tx, alertSnoozed, {
      ...entry(order, saved, decision.reason),
      data: { ...dataOf(saved), by: order.by, until: formatInstant(until) },
    })
    return saved
  })
}

export async function resolveAlert(
  needs: Needs,
  ports: AlertsPorts,
  order: AnswerOrder & { readonly note?: string },
): Promise<AlertRow> {
  return needs.database.transaction(async (tx) => {
    const { row, now } = await load(tx, order)
    const decision = accept(decideClose(answerable(row), order.by, now))
    const reason = order.note === undefined ? decision.reason : `${decision.reason} ${order.note}`
    await addTrace(tx, [{ alertId: row.id, asked: asked('answer', 'closed', reason) }])
    return closeAlert(
      { tx, needs, ports, actor: order.actor, row, reason },
      { ...toEpisode(row), end: decision.alert.end },
      false,
    )
  })
}

async function load(tx: Tx, order: AnswerOrder): Promise<{ row: AlertRow; now: Instant }> {
  const row = await lockAlert(tx, order.alertId)
  if (row === null) throw new AppError('not-found', 'alerts.unknown', 'There is no such alert.')
  return { row, now: await tx.now() }
}

function answerable(row: AlertRow): Answerable {
  return { answer: answerOf(row), end: toEpisode(row).end }
}

function accept(decision: AnswerDecision): Extract<AnswerDecision, { ok: true }> {
  if (!decision.ok) throw new AppError(decision.refusal.kind, decision.refusal.code, decision.refusal.sentence)
  return decision
}

function entry(order: AnswerOrder, alert: AlertRow, reason: string) {
  return { actor: order.actor, subject: { kind: 'alert', id: alert.id }, links: linksOf(alert), reason }
}

// What people do to an alert besides taking it: give it back, leave it until later, close it. Row, pages and journal in one step.
import { automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { alertSnoozed, alertUnacknowledged, alertWoken } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { type AlertRow, addTrace, answerOf, lockAlert, saveAnswer, toEpisode } from '../alerts.store.ts'
import {
  type Answerable,
  type AnswerDecision,
  asked,
  decideClose,
  decideSnooze,
  decideUnacknowledge,
} from '../core/index.ts'
import { answerGroup, lockGroup, lockMembers } from '../page-groups.store.ts'
import { type AcknowledgeOrder, rated } from './acknowledge-alerts.ts'
import { dataOf, linksOf } from './alert-entry.ts'
import { stepAside, tellAgain } from './change-page.ts'
import { closeAlert } from './close-alert.ts'

export interface AnswerOrder extends AcknowledgeOrder {
  readonly alertId: string
}

/** Of one that joined a page: it gets a page of its own. Of the one the page was made for: the page goes on, for all. */
export async function unacknowledgeAlert(needs: Needs, ports: AlertsPorts, order: AnswerOrder): Promise<AlertRow> {
  return needs.database.transaction(async (tx) => {
    const { row, group, members, now } = await loadWithGroup(tx, order.alertId)
    const decision = accept(decideUnacknowledge(answerable(row), order.by))
    const freed = await saveAnswer(tx, row.id, decision.alert.answer)
    const { row: saved, trace } = await tellAgain({ tx, needs, ports, now }, freed, order.by)
    const given = [{ row: saved, reason: decision.reason }]
    if (group === row.id) {
      await answerGroup(tx, group, null)
      for (const other of members.filter((each) => each.id !== row.id && each.status === 'acknowledged'))
        given.push({
          row: await saveAnswer(tx, other.id, { kind: 'unanswered' }),
          reason: `${decision.reason} With #${row.number}, whose page goes on.`,
        })
    }
    for (const each of given) {
      const steps = each.row.id === row.id ? trace : []
      const gave = asked('answer', 'given back', each.reason)
      await addTrace(
        tx,
        [gave, ...steps].map((step) => ({ alertId: each.row.id, asked: step })),
      )
      const data = { ...dataOf(each.row), by: order.by }
      await needs.journal.publish(tx, alertUnacknowledged, { ...entry(order, each.row, each.reason), data })
    }
    return saved
  })
}

/** Paging went on by itself (the acknowledgement timed out), so nobody has what the page told of any more. */
/** Machines alone were told when it opened, or nobody could be reached: from now on it counts as told. */
export async function noteReached(needs: Needs, alertId: string): Promise<void> {
  const because = 'The first people are paged; until then nobody had been told of it.'
  await needs.database.transaction(async (tx) => {
    const rows = [await lockAlert(tx, alertId), ...(await lockMembers(tx, [alertId]))]
    const ids = new Set(rows.flatMap((row) => (row === null ? [] : [row.id])))
    await addTrace(
      tx,
      [...ids].map((id) => ({ alertId: id, asked: asked('paging', 'paged', because) })),
    )
  })
}

export async function noteResumed(needs: Needs, ports: AlertsPorts, alertId: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    await lockGroup(tx, alertId)
    // Answered again before this was read.
    if (['acknowledged', 'snoozed'].includes(await ports.paging.standing(tx, alertId))) return
    const own = await lockAlert(tx, alertId)
    const members = await lockMembers(tx, [alertId])
    const rows = [...(own === null ? [] : [own]), ...members.filter((each) => each.id !== alertId)]
    await answerGroup(tx, alertId, null)
    for (const row of rows) {
      const others = row.id === alertId && members.length > 0 && members.every((each) => each.id !== alertId)
      // Put off while the page went on for others: its own time has not come.
      if (row.status === 'firing' || row.status === 'resolved' || (row.status === 'snoozed' && others)) continue
      const saved = await saveAnswer(tx, row.id, { kind: 'unanswered' })
      const because = `Paging went on: ${row.answeredBy ?? 'nobody'} answered and nothing ended.`
      await addTrace(tx, [{ alertId: row.id, asked: asked('answer', 'woken', because) }])
      await needs.journal.publish(tx, alertWoken, {
        actor: automation('alerts.follow-pages'),
        subject: { kind: 'alert', id: row.id },
        links: linksOf(saved),
        reason: because,
        data: dataOf(saved),
      })
    }
  })
}

/** Only this one is put off; what was paged with it goes on. */
export async function snoozeAlert(
  needs: Needs,
  ports: AlertsPorts,
  order: AnswerOrder & { readonly forMs: number },
): Promise<AlertRow> {
  return needs.database.transaction(async (tx) => {
    const { row, now } = await load(tx, order)
    const until: Instant = plus(now, order.forMs)
    const decision = accept(decideSnooze(answerable(row), order.by, until, now))
    const answered = await saveAnswer(tx, row.id, decision.alert.answer)
    const { row: saved, trace } = await stepAside({ tx, ports }, answered, order.by, until)
    await addTrace(
      tx,
      [asked('answer', 'snoozed', decision.reason), ...trace].map((step) => ({ alertId: row.id, asked: step })),
    )
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
    const closed = await closeAlert(
      { tx, needs, ports, actor: order.actor, row, reason },
      { ...toEpisode(row), end: decision.alert.end },
    )
    return rated(tx, needs, order, closed)
  })
}

interface WithGroup {
  readonly row: AlertRow
  /** The alert whose page tells of it; itself when it joined none. */
  readonly group: string
  readonly members: readonly AlertRow[]
  readonly now: Instant
}

/** The row, then the page, then everybody on it: what is locked neither leaves nor is joined meanwhile. */
async function loadWithGroup(tx: Tx, alertId: string): Promise<WithGroup> {
  const { row, now } = await load(tx, { alertId })
  const group = row.pagedWith ?? row.id
  if (row.status === 'resolved') return { row, group, members: [], now }
  await lockGroup(tx, group)
  return { row, group, members: await lockMembers(tx, [group]), now }
}

async function load(tx: Tx, order: Pick<AnswerOrder, 'alertId'>): Promise<{ row: AlertRow; now: Instant }> {
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

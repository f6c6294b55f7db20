// Mirrors alerts/usecases/answer-alert.ts, app/join/acknowledge.ts and the take-over of oncall/usecases/answer-by-link.ts:
// what people do to an alert.
import { type Instant, plus } from '../../../src/kernel/instant.ts'
import type { Answer, Answerable, AnswerDecision } from '../../../src/modules/alerts/core/index.ts'
import { Refused, type Tx } from './database.ts'
import { applyInput, openEscalation, openOfAlert } from './escalating.ts'
import { publish } from './journal.ts'
import { closeAlert, type House, membersOf, pager, putAlert, standing, stepAside, tellAgain } from './paging.ts'
import type { AlertRow } from './rows.ts'
import { rouse } from './work.ts'

function load(tx: Tx, alertId: string): AlertRow {
  const row = tx.db.alerts.get(alertId)
  if (row === null) throw new Refused('alerts.unknown', 'There is no such alert.')
  return row
}

function answerable(row: AlertRow): Answerable {
  return { answer: answerOf(row), end: row.episode.end }
}

function answerOf(row: AlertRow): Answer {
  const { answeredBy: by, answeredAt: at, snoozedUntil: until } = row
  if (by === null || at === null) return { kind: 'unanswered' }
  return until === null ? { kind: 'acknowledged', by, at } : { kind: 'snoozed', by, at, until }
}

function accept(decision: AnswerDecision): Extract<AnswerDecision, { ok: true }> {
  if (!decision.ok) throw new Refused(decision.refusal.code, decision.refusal.sentence)
  return decision
}

function saveAnswer(tx: Tx, row: AlertRow, answer: Answer): AlertRow {
  const saved: AlertRow = {
    ...row,
    status: answer.kind === 'unanswered' ? 'firing' : answer.kind,
    answeredBy: answer.kind === 'unanswered' ? null : answer.by,
    answeredAt: answer.kind === 'unanswered' ? null : answer.at,
    snoozedUntil: answer.kind === 'snoozed' ? answer.until : null,
  }
  if (saved.snoozedUntil !== null) rouse(tx, 'sweep', saved.snoozedUntil)
  return putAlert(tx, saved, 'answered')
}

function answerGroup(tx: Tx, group: string, answer: { by: string; at: Instant } | null): void {
  const row = tx.db.groups.get(group)
  if (row !== null) tx.db.groups.put(group, { ...row, answeredBy: answer?.by ?? null, answeredAt: answer?.at ?? null })
}

export function acknowledgeAlert(tx: Tx, alertId: string, by: string): AlertRow {
  const row = load(tx, alertId)
  const group = row.pagedWith ?? row.id
  const members = row.status === 'resolved' ? [] : membersOf(tx, group)
  const { alert } = accept(tx.rules.decideAcknowledge(answerable(row), by, tx.now))
  const saved = saveAnswer(tx, row, alert.answer)
  if (row.silencedBy === null && standing(tx, group) === 'none') openEscalation(tx, saved)
  pager.acknowledge(tx, tx.rules.pageOfAcknowledged(row.id, group), by)
  answerGroup(tx, group, { by, at: tx.now })
  publish(tx, 'alert.acknowledged', row.id)
  for (const other of members) {
    if (other.id === row.id || other.answeredBy === by) continue
    const also = accept(tx.rules.decideAcknowledge(answerable(other), by, tx.now))
    saveAnswer(tx, other, also.alert.answer)
    publish(tx, 'alert.acknowledged', other.id)
  }
  return saved
}

/** By the link or the button of a message. Answers whether somebody has it now. */
export function acknowledgeByLink(tx: Tx, alertId: string, person: string): 'acknowledged' | 'already' {
  const answer = acknowledgeNamed(tx, alertId, person)
  if (answer === 'acknowledged') return answer
  const row = openOfAlert(tx, alertId)
  if (row === null || row.state.phase.kind === 'acknowledged' || row.state.phase.kind === 'snoozed') return 'already'
  applyInput(tx, alertId, { kind: 'acknowledge', by: person })
  return 'acknowledged'
}

function acknowledgeNamed(tx: Tx, alertId: string, person: string): 'acknowledged' | 'already' {
  const named = load(tx, alertId)
  const [follower] = named.status === 'resolved' ? membersOf(tx, named.id) : []
  const alert = follower ?? named
  if (alert.status === 'resolved') return 'already'
  if (alert.status === 'acknowledged' && alert.answeredBy !== person) return 'already'
  acknowledgeAlert(tx, alert.id, person)
  return 'acknowledged'
}

export function unacknowledgeAlert(tx: Tx, house: House, alertId: string, by: string): AlertRow {
  const row = load(tx, alertId)
  const group = row.pagedWith ?? row.id
  const members = row.status === 'resolved' ? [] : membersOf(tx, group)
  const { alert } = accept(tx.rules.decideUnacknowledge(answerable(row), by))
  const saved = tellAgain(tx, house, saveAnswer(tx, row, alert.answer), by)
  if (group === row.id) {
    answerGroup(tx, group, null)
    for (const other of members)
      if (other.id !== row.id && other.status === 'acknowledged') saveAnswer(tx, other, { kind: 'unanswered' })
  }
  publish(tx, 'alert.unacknowledged', row.id)
  return saved
}

/** Paging went on by itself, so nobody has what the page told of any more. */
export function noteResumed(tx: Tx, alertId: string): void {
  if (['acknowledged', 'snoozed'].includes(standing(tx, alertId))) return
  const own = tx.db.alerts.get(alertId)
  const members = membersOf(tx, alertId)
  const rows = [...(own === null ? [] : [own]), ...members.filter((each) => each.id !== alertId)]
  answerGroup(tx, alertId, null)
  for (const row of rows) {
    const others = row.id === alertId && members.length > 0 && members.every((each) => each.id !== alertId)
    if (row.status === 'firing' || row.status === 'resolved' || (row.status === 'snoozed' && others)) continue
    saveAnswer(tx, row, { kind: 'unanswered' })
    publish(tx, 'alert.woken', row.id)
  }
}

export function snoozeAlert(tx: Tx, alertId: string, by: string, forMs: number): AlertRow {
  const row = load(tx, alertId)
  const until = plus(tx.now, forMs)
  const { alert } = accept(tx.rules.decideSnooze(answerable(row), by, until, tx.now))
  const saved = stepAside(tx, saveAnswer(tx, row, alert.answer), by, until)
  publish(tx, 'alert.snoozed', row.id)
  return saved
}

export function resolveAlert(tx: Tx, alertId: string, by: string): AlertRow {
  const row = load(tx, alertId)
  const { alert } = accept(tx.rules.decideClose(answerable(row), by, tx.now))
  return closeAlert(tx, row, { ...row.episode, end: alert.end })
}

export { saveAnswer }

// Mirrors alerts/usecases/tell-alerts.ts and turns.store.ts: people are told right after the commit that took an alert
// in, the worst first, 32 in one transaction.
import { alertSeverities } from '../../../src/kernel/severity.ts'
import type { Tx } from './database.ts'
import { endPage, type House, pageAlert, regroupLocked, takeTurn } from './paging.ts'
import type { AlertRow, TellingRow } from './rows.ts'
import { addWork, rouse } from './work.ts'

const atOnce = 32

const rankOf = (row: AlertRow, task: TellingRow['task']): number =>
  alertSeverities.indexOf(row.worst) * 2 + (task === 'end' ? 1 : 0)

export function addTelling(tx: Tx, row: AlertRow, task: TellingRow['task']): void {
  tx.db.tellings.put(`${row.id}/${task}`, { alertId: row.id, task, rank: rankOf(row, task), dueAt: tx.now })
  // What a process that is gone has left.
  rouse(tx, 'sweep', tx.now)
}

/** It rose while it waits. */
export function hurryTelling(tx: Tx, row: AlertRow): void {
  const waiting = tx.db.tellings.get(`${row.id}/tell`)
  if (waiting !== null)
    tx.db.tellings.put(`${row.id}/tell`, { ...waiting, rank: Math.min(waiting.rank, rankOf(row, 'tell')) })
}

export const nextTelling = (tx: Tx): number => (tx.db.tellings.size === 0 ? Number.MAX_SAFE_INTEGER : tx.now)

export function tellDue(tx: Tx, house: House): void {
  const waiting = tx.db.tellings.filter((each) => each.dueAt <= tx.now)
  waiting.sort((a, b) => a.rank - b.rank || a.dueAt - b.dueAt)
  const turns = waiting.slice(0, atOnce)
  if (turns.length === 0) return
  for (const { alertId, task } of turns) tx.db.tellings.remove(`${alertId}/${task}`)
  tellThese(tx, house, turns)
  // The product goes on in transactions of its own until nobody waits.
  if (waiting.length > atOnce) addWork(tx, 'tell', '', null, { dueAt: tx.now })
}

function tellThese(tx: Tx, house: House, turns: readonly TellingRow[]): void {
  const of = (task: TellingRow['task']) =>
    turns.filter((each) => each.task === task).flatMap((each) => tx.db.alerts.get(each.alertId) ?? [])
  const severity = (row: AlertRow) => alertSeverities.indexOf(row.worst)
  const open = of('tell')
    .filter((row) => row.status !== 'resolved' && row.answeredBy === null && row.silencedBy === null)
    .sort((a, b) => severity(a) - severity(b) || (a.key < b.key ? -1 : 1))
  if (open.length > 0) {
    const turn = takeTurn(tx, house, open)
    for (const row of open) pageAlert(turn, row)
    for (const group of turn.grown) regroupLocked(tx, group)
  }
  for (const row of of('end')) if (row.status === 'resolved') endPage(tx, row)
}

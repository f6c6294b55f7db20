// All SQL on turns: alerts that were taken in and whose people are still to be told.
import { type AlertSeverity, alertSeverities } from '../../kernel/severity.ts'
import type { Tx } from '../../platform/database/database.ts'
import { sql } from '../../platform/database/queries.ts'

/** `tell`: somebody is to hear of it. `end`: its page may be over with it. */
export type Task = 'tell' | 'end'

export interface AlertTurn {
  readonly alertId: string
  readonly task: Task
}

export interface NewTurn extends AlertTurn {
  readonly severity: AlertSeverity
}

/** Ends come after what begins and is as bad: a person is woken before another one may sleep on. */
function rankOf({ severity, task }: NewTurn): number {
  return alertSeverities.indexOf(severity) * 2 + (task === 'end' ? 1 : 0)
}

export async function addTurns(tx: Tx, turns: readonly NewTurn[]): Promise<void> {
  if (turns.length === 0) return
  await tx.run(sql`
    insert into alert_turns (alert_id, task, rank)
    select * from unnest(${turns.map((turn) => turn.alertId)}::uuid[], ${turns.map((turn) => turn.task)}::text[], ${turns.map(rankOf)}::smallint[])
    on conflict (alert_id, task) do update set due_at = mainstay_now(), rank = excluded.rank`)
}

/** The worst that wait, taken off: a rollback puts them back. Rows of other takers are passed over. */
export async function takeTurns(tx: Tx, limit: number): Promise<readonly AlertTurn[]> {
  return tx.many(sql<AlertTurn>`
    delete from alert_turns using (
      select alert_id, task from alert_turns where due_at <= mainstay_now() order by rank, due_at limit ${limit} for update skip locked) taken
    where alert_turns.alert_id = taken.alert_id and alert_turns.task = taken.task
    returning alert_turns.alert_id as "alertId", alert_turns.task`)
}

/** False when another process has it. */
export async function takeTurn(tx: Tx, turn: AlertTurn): Promise<boolean> {
  return (await tx.run(sql`delete from alert_turns where alert_id = ${turn.alertId} and task = ${turn.task}`)) === 1
}

/** It rose while it waits. */
export async function hurryTurn(tx: Tx, turn: NewTurn): Promise<void> {
  await tx.run(sql`
    update alert_turns set rank = least(rank, ${rankOf(turn)}) where alert_id = ${turn.alertId} and task = ${turn.task}`)
}

const longestWaitSeconds = 60

/** After a turn that failed: the others go on, and this one comes again in 1 s, 2 s, 4 s, … */
export async function putOff(tx: Tx, turn: AlertTurn): Promise<void> {
  await tx.run(sql`
    update alert_turns set failures = least(failures + 1, 30),
      due_at = mainstay_now() + make_interval(secs => least(${longestWaitSeconds}, power(2, least(failures, 10)))::float8)
    where alert_id = ${turn.alertId} and task = ${turn.task}`)
}

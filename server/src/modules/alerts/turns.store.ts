// All SQL on turns: alerts that were taken in and whose people are still to be told.

import type { Instant } from '../../kernel/instant.ts'
import { type AlertSeverity, alertSeverities } from '../../kernel/severity.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, type RawBuilder, sql } from '../../platform/database/queries.ts'

/** `tell`: somebody is to hear of it. `end`: its page may be over with it. */
export type Task = 'tell' | 'end'

interface TurnKey {
  readonly alertId: string
  readonly task: Task
}

export interface AlertTurn extends TurnKey {
  /** How long it may wait when it usually heals by itself; null tells people at once. */
  readonly pauseMs: number | null
  /** It has waited. */
  readonly paused: boolean
  readonly isCritical: boolean
}

export interface NewTurn extends TurnKey {
  readonly severity: AlertSeverity
  readonly pauseMs?: number | null
}

/** Ends come after what begins and is as bad: a person is woken before another one may sleep on. */
function rankOf({ severity, task }: Pick<NewTurn, 'severity' | 'task'>): number {
  return alertSeverities.indexOf(severity) * 2 + (task === 'end' ? 1 : 0)
}

export async function addTurns(tx: Tx, turns: readonly NewTurn[]): Promise<void> {
  if (turns.length > 0) await tx.run(addingTurns(turns))
}

/** As part of another statement. */
export function addingTurns(turns: readonly NewTurn[]): RawBuilder<unknown> {
  return sql`
    insert into alert_turns (alert_id, task, rank, pause_ms)
    select * from unnest(${turns.map((turn) => turn.alertId)}::uuid[], ${turns.map((turn) => turn.task)}::text[], ${turns.map(rankOf)}::smallint[],
      ${turns.map((turn) => turn.pauseMs ?? null)}::integer[])
    on conflict (alert_id, task) do update set due_at = mainstay_now(), rank = excluded.rank, pause_ms = excluded.pause_ms, paused = false`
}

export interface Postponed {
  readonly alertId: string
  readonly severity: AlertSeverity
  readonly until: Instant
}

/** Turns that were taken and wait, as part of another statement: whoever dies after it finds them again. */
export function postponing(turns: readonly Postponed[]): RawBuilder<unknown> {
  const of = <T>(value: (turn: Postponed) => T): T[] => turns.map(value)
  return sql`
    insert into alert_turns (alert_id, task, rank, due_at, paused)
    select alert_id, 'tell', rank, until, true
    from unnest(${of(({ alertId }) => alertId)}::uuid[], ${of(({ severity }) => rankOf({ severity, task: 'tell' }))}::smallint[],
      ${of(({ until }) => new Date(until).toISOString())}::timestamptz[]) as late (alert_id, rank, until)
    on conflict (alert_id, task) do nothing`
}

/** Until when people are not told, because it usually heals by itself; null when nothing waits. */
export async function findPause(queries: Queries, alertId: string): Promise<Instant | null> {
  const row = await queries.maybe(sql<{ until: Instant }>`
    select due_at as until from alert_turns where alert_id = ${alertId} and task = 'tell' and paused`)
  return row?.until ?? null
}

/** Whose turn has come. */
export const turnsDue = sql`alert_turns where due_at <= (select mainstay_now())`

/** The worst that wait, taken off, and when that was: a rollback puts them back. Rows of other takers are passed over. */
export async function takeTurns(
  tx: Tx,
  limit: number,
): Promise<{ readonly now: Instant | null; readonly turns: readonly AlertTurn[] }> {
  const rows = await tx.many(sql<AlertTurn & { readonly now: Instant }>`
    delete from alert_turns using (
      select alert_id, task from ${turnsDue} order by rank, due_at limit ${limit} for update skip locked) taken
    where alert_turns.alert_id = taken.alert_id and alert_turns.task = taken.task
    returning alert_turns.alert_id as "alertId", alert_turns.task, alert_turns.pause_ms as "pauseMs", alert_turns.paused,
      alert_turns.rank <= ${rankOf({ severity: 'critical', task: 'end' })} as "isCritical", mainstay_now() as now`)
  return { now: rows[0]?.now ?? null, turns: rows.map(({ now: _, ...turn }) => turn) }
}

/** Whether people are to be told of one of these now; also while a transaction that has taken its turn is under way. */
export async function awaitsTurn(queries: Queries, alerts: readonly string[]): Promise<boolean> {
  const { any } = await queries.one(sql<{ any: boolean }>`
    select exists (select from alert_turns where alert_id = any(${[...alerts]}::uuid[]) and task = 'tell' and due_at <= mainstay_now()) as any`)
  return any
}

/** Since when somebody waits whose turn has come; null when nobody does. */
export async function oldestTurn(tx: Tx): Promise<Instant | null> {
  const { oldest } = await tx.one(sql<{ oldest: Instant | null }>`
    select min(due_at) as oldest from ${turnsDue}`)
  return oldest
}

/** False when another process has it. */
export async function takeTurn(tx: Tx, turn: TurnKey): Promise<boolean> {
  return (await tx.run(sql`delete from alert_turns where alert_id = ${turn.alertId} and task = ${turn.task}`)) === 1
}

/** It rose while it waits: now it waits for nothing any more. */
export async function hurryTurn(tx: Tx, turn: NewTurn): Promise<void> {
  // Whoever takes it at this moment waits for the alert's row and reads what it is by then.
  await tx.run(sql`
    update alert_turns set rank = least(rank, ${rankOf(turn)}), pause_ms = null, due_at = case when paused then mainstay_now() else due_at end
    where (alert_id, task) = (select alert_id, task from alert_turns where alert_id = ${turn.alertId} and task = ${turn.task} for update skip locked)`)
}

const longestWaitSeconds = 60

/** After a turn that failed: the others go on, and this one comes again in 1 s, 2 s, 4 s, … */
export async function putOff(tx: Tx, turn: TurnKey): Promise<void> {
  await tx.run(sql`
    update alert_turns set failures = least(failures + 1, 30),
      due_at = mainstay_now() + make_interval(secs => least(${longestWaitSeconds}, power(2, least(failures, 10)))::float8)
    where alert_id = ${turn.alertId} and task = ${turn.task}`)
}

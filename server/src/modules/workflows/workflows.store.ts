// All SQL on runs of workflows.
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type { Pick as KeepPick } from '../../platform/retention/keep-rule.ts'
import type { Cause, RunState, StepRun, TriggerFacts } from './core/index.ts'

/** As it was declared. */
export interface Definition {
  readonly title: string | null
  readonly spec: JsonObject
}

export interface RunRow {
  readonly id: string
  readonly workflow: string
  readonly title: string
  readonly incidentId: string
  readonly occurrence: string
  readonly cause: Cause
  readonly trigger: TriggerFacts
  readonly definition: Definition
  readonly state: RunState
  readonly because: string
  readonly steps: readonly StepRun[]
  readonly startedBy: string
  readonly createdAt: Instant
  readonly dueAt: Instant | null
  readonly changedAt: Instant
  readonly endedAt: Instant | null
}

const columns = sql`id, workflow, title, incident_id as "incidentId", occurrence, cause, trigger, definition, state, because, steps,
  started_by as "startedBy", created_at as "createdAt", due_at as "dueAt", changed_at as "changedAt", ended_at as "endedAt"`

const orNull = (at: Instant | null): RawBuilder<unknown> => (at === null ? sql`null::timestamptz` : timestamp(at))

/** False: it runs for this already. */
export async function insertRun(tx: Tx, row: RunRow): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into workflow_runs (id, workflow, title, incident_id, occurrence, cause, trigger, definition, state, because, steps,
      started_by, created_at, due_at, changed_at, ended_at)
    values (${row.id}, ${row.workflow}, ${row.title}, ${row.incidentId}, ${row.occurrence}, ${row.cause}, ${json(row.trigger)},
      ${json(row.definition)}, ${row.state}, ${row.because}, ${json(row.steps)}, ${row.startedBy}, ${timestamp(row.createdAt)},
      ${orNull(row.dueAt)}, ${timestamp(row.changedAt)}, ${orNull(row.endedAt)})
    on conflict (incident_id, workflow, occurrence) do nothing`)
  return inserted > 0
}

export async function saveRun(tx: Tx, row: RunRow): Promise<RunRow> {
  return tx.one(sql<RunRow>`
    update workflow_runs set state = ${row.state}, because = ${row.because}, steps = ${json(row.steps)}, due_at = ${orNull(row.dueAt)},
      changed_at = ${timestamp(row.changedAt)}, ended_at = ${orNull(row.endedAt)}
    where id = ${row.id} returning ${columns}`)
}

export async function lockRun(tx: Tx, id: string): Promise<RunRow | null> {
  return tx.maybe(sql<RunRow>`select ${columns} from workflow_runs where id = ${id} for update`)
}

export async function findRun(queries: Queries, id: string): Promise<RunRow | null> {
  return queries.maybe(sql<RunRow>`select ${columns} from workflow_runs where id = ${id}`)
}

/** What this workflow has run for in this incident. */
export async function listOccurrences(
  queries: Queries,
  of: { readonly workflow: string; readonly incidentId: string },
): Promise<readonly string[]> {
  const rows = await queries.many(
    sql<{
      occurrence: string
    }>`select occurrence from workflow_runs where incident_id = ${of.incidentId} and workflow = ${of.workflow}`,
  )
  return rows.map((row) => row.occurrence)
}

export interface RunFilter {
  readonly workflow: string | null
  readonly incident: string | null
  /** Some of what waits for a person. */
  readonly state: RunState | null
  /** Incidents that may not be read. */
  readonly closed: readonly string[]
}

export async function listRunRows(
  queries: Queries,
  { workflow, incident, state, closed }: RunFilter,
  before: { readonly at: Instant; readonly id: string } | null,
  limit: number,
): Promise<readonly RunRow[]> {
  const conditions = [
    workflow === null ? null : sql`workflow = ${workflow}`,
    incident === null ? null : sql`incident_id = ${incident}`,
    state === null ? null : sql`state = ${state}`,
    closed.length === 0 ? null : sql`incident_id <> all(${[...closed]}::uuid[])`,
    before === null ? null : sql`(created_at, id) < (${timestamp(before.at)}, ${before.id}::uuid)`,
  ].filter((each) => each !== null)
  return queries.many(sql<RunRow>`
    select ${columns} from workflow_runs where ${sql.join([sql`true`, ...conditions], sql` and `)}
    order by created_at desc, id desc limit ${limit}`)
}

/** The newest run of each of these, of incidents that may be read. */
export async function listLastRuns(
  queries: Queries,
  workflows: readonly string[],
  closed: readonly string[],
): Promise<readonly RunRow[]> {
  return queries.many(sql<RunRow>`
    select last.* from unnest(${[...workflows]}::text[]) as named (name)
    cross join lateral (
      select ${columns} from workflow_runs
      where workflow = named.name and incident_id <> all(${[...closed]}::uuid[])
      order by created_at desc, id desc limit 1
    ) as last`)
}

/** When nothing of it happens any more; one that waits for ever is kept with its incident. */
export async function lockOldRuns(tx: Tx, { before, after, limit }: KeepPick) {
  return tx.many(sql<{ id: string; at: string; incidentId: string }>`
    select id, created_at::text as at, incident_id as "incidentId" from workflow_runs
    where created_at < ${timestamp(before)} and ended_at is not null
      ${after === null ? sql`` : sql`and (created_at, id) > (${after[0]}::timestamptz, ${after[1]}::uuid)`}
    order by created_at, id limit ${limit} for update skip locked`)
}

export async function removeRuns(tx: Tx, ids: readonly string[]): Promise<number> {
  return tx.run(sql`delete from workflow_runs where id = any(${[...ids]}::uuid[])`)
}

// All SQL on corrective actions.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import { type ActionKind, type ActionSize, type ActionState, mostRepeats, type ProofSignal } from './core/index.ts'

export interface ActionRow {
  readonly id: string
  readonly number: number
  readonly postmortemId: string
  readonly incidentId: string
  readonly title: string
  readonly kind: ActionKind
  readonly size: ActionSize | null
  readonly owner: string
  readonly dueAt: Instant
  readonly state: ActionState
  readonly signal: ProofSignal | null
  readonly provingSince: Instant | null
  readonly provenAt: Instant | null
  readonly seen: string | null
  readonly reopened: number
  readonly createdBy: string
  readonly createdAt: Instant
  readonly version: number
}

const columns = sql`id, number, postmortem_id as "postmortemId", incident_id as "incidentId", title, kind, size, owner, due_at as "dueAt", state, signal,
  proving_since as "provingSince", proven_at as "provenAt", seen, reopened, created_by as "createdBy", created_at as "createdAt", version`
const orNull = (at: Instant | null): RawBuilder<unknown> => (at === null ? sql`null::timestamptz` : timestamp(at))
const signalOf = (signal: ProofSignal | null): RawBuilder<unknown> =>
  signal === null ? sql`null::jsonb` : json(signal)

export type NewAction = Omit<ActionRow, 'number' | 'version' | 'provingSince' | 'provenAt' | 'seen' | 'reopened'>

export async function insertAction(tx: Tx, row: NewAction): Promise<ActionRow> {
  return tx.one(sql<ActionRow>`
    insert into corrective_actions (id, postmortem_id, incident_id, title, kind, size, owner, due_at, state, signal, created_by, created_at)
    values (${row.id}, ${row.postmortemId}, ${row.incidentId}, ${row.title}, ${row.kind}, ${row.size}, ${row.owner}, ${timestamp(row.dueAt)}, ${row.state},
      ${signalOf(row.signal)}, ${row.createdBy}, ${timestamp(row.createdAt)}) returning ${columns}`)
}

export async function saveAction(tx: Tx, row: ActionRow): Promise<ActionRow> {
  return tx.one(sql<ActionRow>`
    update corrective_actions set size = ${row.size}, owner = ${row.owner}, due_at = ${timestamp(row.dueAt)}, state = ${row.state}, signal = ${signalOf(row.signal)},
      proving_since = ${orNull(row.provingSince)}, proven_at = ${orNull(row.provenAt)}, seen = ${row.seen}, reopened = ${row.reopened}, version = version + 1
    where id = ${row.id} returning ${columns}`)
}

export async function lockAction(tx: Tx, id: string): Promise<ActionRow | null> {
  return tx.maybe(sql<ActionRow>`select ${columns} from corrective_actions where id = ${id} for update`)
}

export async function findAction(queries: Queries, id: string): Promise<ActionRow | null> {
  return queries.maybe(sql<ActionRow>`select ${columns} from corrective_actions where id = ${id}`)
}

/** 100 for each postmortem at most. */
export async function listActionsOf(queries: Queries, postmortems: readonly string[]): Promise<readonly ActionRow[]> {
  return queries.many(
    sql<ActionRow>`select ${columns} from corrective_actions where postmortem_id = any(${[...postmortems]}::uuid[]) order by number`,
  )
}

/** Actions whose signal is watched now: by objective, by service and title of an alert, or by the drills of a service. */
export type Recurring =
  | { readonly objective: string }
  | { readonly service: string; readonly title: string }
  | { readonly kind: 'drill'; readonly service: string }

/** Whether some action is to keep one of these from coming back. */
export async function isProving(queries: Queries, signals: readonly Recurring[]): Promise<boolean> {
  const row = await queries.one(sql<{ any: boolean }>`
    select exists (select from corrective_actions
      where state in ('proving', 'proven') and signal @> any(${signals.map((signal) => JSON.stringify(signal))}::jsonb[])) as any`)
  return row.any
}

export async function lockProving(tx: Tx, signal: Recurring): Promise<readonly ActionRow[]> {
  return tx.many(
    sql<ActionRow>`select ${columns} from corrective_actions where state in ('proving', 'proven') and signal @> ${json(signal)} order by id for update`,
  )
}

export interface ActionFilter {
  /** Incidents the reader may not read. */
  readonly closed: readonly string[]
  readonly state: ActionState | 'unfinished' | 'overdue' | null
  readonly owner: string | null
  readonly number: number | null
  readonly now: Instant
}

export async function listActionRows(
  queries: Queries,
  filter: ActionFilter,
  after: { at: Instant; id: string } | null,
  limit: number,
): Promise<readonly ActionRow[]> {
  const conditions = [
    filter.closed.length === 0 ? null : sql`incident_id <> all(${[...filter.closed]}::uuid[])`,
    filter.state === null
      ? null
      : filter.state === 'unfinished'
        ? sql`state in ('open', 'proving')`
        : filter.state === 'overdue'
          ? sql`(state = 'open' and due_at < ${timestamp(filter.now)})`
          : sql`state = ${filter.state}`,
    filter.owner === null ? null : sql`owner = ${filter.owner}`,
    filter.number === null ? null : sql`number = ${filter.number}`,
    after === null ? null : sql`(due_at, id) > (${timestamp(after.at)}, ${after.id}::uuid)`,
  ].filter((each) => each !== null)
  return queries.many(sql<ActionRow>`
    select ${columns} from corrective_actions where ${sql.join([sql`true`, ...conditions], sql` and `)} order by due_at, id limit ${limit}`)
}

export interface RiskRow {
  readonly id: string
  readonly severity: string
  readonly hurtMinutes: number | null
  readonly similar: number
}

/** Of the postmortems named; similar are others of the time before that share a service, among what the reader may read, as many as count. */
export async function listRisks(
  queries: Queries,
  ids: readonly string[],
  of: { readonly closed: readonly string[]; readonly withinMs: number },
): Promise<readonly RiskRow[]> {
  return queries.many(sql<RiskRow>`
    select p.id, p.severity, (p.facts -> 'impact' ->> 'minutes')::float8 as "hurtMinutes",
      (select count(*)::int from (select from postmortems o where o.id <> p.id and o.services && p.services and o.opened_at <= p.opened_at
        and o.opened_at > p.opened_at - make_interval(secs => ${of.withinMs / 1000}) and o.incident_id <> all(${[...of.closed]}::uuid[])
        order by o.opened_at desc limit ${mostRepeats}) as found) as similar
    from postmortems p where p.id = any(${[...ids]}::uuid[])`)
}

/** What is not done, as it ages. */
export async function listOpenAges(
  queries: Queries,
  closed: readonly string[],
): Promise<readonly { readonly createdAt: Instant; readonly dueAt: Instant }[]> {
  return queries.many(sql<{ createdAt: Instant; dueAt: Instant }>`
    select created_at as "createdAt", due_at as "dueAt" from corrective_actions
    where state = 'open' and incident_id <> all(${[...closed]}::uuid[]) limit 100000`)
}

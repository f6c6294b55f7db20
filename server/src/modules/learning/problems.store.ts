// All SQL on problems, what belongs to them, and their moves.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type { ProblemState } from './core/index.ts'

export interface ProblemRow {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly cause: string | null
  readonly state: ProblemState
  readonly class: string | null
  readonly services: readonly string[]
  readonly owner: string | null
  readonly workaround: string | null
  readonly plan: string | null
  readonly dueAt: Instant | null
  readonly windowMs: number
  readonly watchedSince: Instant | null
  readonly openedBy: string
  readonly openedAt: Instant
  readonly version: number
}

const columns = sql`id, number, title, cause, state, class, services, owner, workaround, plan, due_at as "dueAt", window_ms as "windowMs",
  watched_since as "watchedSince", opened_by as "openedBy", opened_at as "openedAt", version`
const orNull = (at: Instant | null): RawBuilder<unknown> => (at === null ? sql`null::timestamptz` : timestamp(at))

/** A problem is as restricted as its incidents: who may not read one of them does not learn of it. */
const open = (closed: readonly string[]): RawBuilder<unknown> =>
  closed.length === 0
    ? sql`true`
    : sql`not exists (select from problem_incidents l where l.problem_id = problems.id and l.incident_id = any(${[...closed]}::uuid[]))`

export async function insertProblem(tx: Tx, row: Omit<ProblemRow, 'number' | 'version'>): Promise<ProblemRow> {
  return tx.one(sql<ProblemRow>`
    insert into problems (id, title, cause, state, class, services, owner, workaround, plan, due_at, window_ms, watched_since, opened_by, opened_at)
    values (${row.id}, ${row.title}, ${row.cause}, ${row.state}, ${row.class}, ${[...row.services]}, ${row.owner}, ${row.workaround}, ${row.plan},
      ${orNull(row.dueAt)}, ${row.windowMs}, ${orNull(row.watchedSince)}, ${row.openedBy}, ${timestamp(row.openedAt)})
    returning ${columns}`)
}

export async function saveProblem(tx: Tx, row: ProblemRow): Promise<ProblemRow> {
  return tx.one(sql<ProblemRow>`
    update problems set title = ${row.title}, cause = ${row.cause}, state = ${row.state}, class = ${row.class}, services = ${[...row.services]},
      owner = ${row.owner}, workaround = ${row.workaround}, plan = ${row.plan}, due_at = ${orNull(row.dueAt)}, window_ms = ${row.windowMs},
      watched_since = ${orNull(row.watchedSince)}, version = version + 1
    where id = ${row.id} returning ${columns}`)
}

export async function findProblem(queries: Queries, id: string, closed: readonly string[]): Promise<ProblemRow | null> {
  return queries.maybe(sql<ProblemRow>`select ${columns} from problems where id = ${id} and ${open(closed)}`)
}

export async function lockProblem(tx: Tx, id: string, closed: readonly string[]): Promise<ProblemRow | null> {
  return tx.maybe(sql<ProblemRow>`select ${columns} from problems where id = ${id} and ${open(closed)} for update`)
}

export interface ProblemFilter {
  /** Incidents the reader may not read. */
  readonly closed: readonly string[]
  readonly state: ProblemState | 'current' | null
  readonly service: string | null
  readonly number: number | null
}

export async function listProblemRows(
  queries: Queries,
  filter: ProblemFilter,
  before: { at: Instant; id: string } | null,
  limit: number,
): Promise<readonly ProblemRow[]> {
  const conditions = [
    open(filter.closed),
    filter.state === null
      ? null
      : filter.state === 'current'
        ? sql`state not in ('eliminated', 'accepted')`
        : sql`state = ${filter.state}`,
    filter.service === null ? null : sql`services @> array[${filter.service}]`,
    filter.number === null ? null : sql`number = ${filter.number}`,
    before === null ? null : sql`(opened_at, id) < (${timestamp(before.at)}, ${before.id}::uuid)`,
  ].filter((each) => each !== null)
  return queries.many(sql<ProblemRow>`
    select ${columns} from problems where ${sql.join(conditions, sql` and `)} order by opened_at desc, id desc limit ${limit}`)
}

/** Problems with a workaround, the newest first. */
export async function listKnownErrors(
  queries: Queries,
  closed: readonly string[],
  limit: number,
): Promise<readonly ProblemRow[]> {
  return queries.many(
    sql<ProblemRow>`select ${columns} from problems where workaround is not null and ${open(closed)} order by opened_at desc, id desc limit ${limit}`,
  )
}

/** Problems with one of these incidents. */
export async function listProblemsWith(queries: Queries, incidents: readonly string[]): Promise<readonly string[]> {
  const rows = await queries.many(
    sql<{
      id: string
    }>`select distinct problem_id as id from problem_incidents where incident_id = any(${[...incidents]}::uuid[])`,
  )
  return rows.map((row) => row.id)
}

/** The newest 10,000. */
export async function listProblemsOfClass(queries: Queries, name: string): Promise<readonly string[]> {
  const rows = await queries.many(
    sql<{ id: string }>`select id from problems where class = ${name} order by opened_at desc, id desc limit 10000`,
  )
  return rows.map((row) => row.id)
}

export interface ProblemLink {
  readonly problemId: string
  readonly incidentId: string
}

export async function listIncidentLinks(
  queries: Queries,
  problems: readonly string[],
): Promise<readonly ProblemLink[]> {
  return queries.many(sql<ProblemLink>`
    select problem_id as "problemId", incident_id as "incidentId" from problem_incidents
    where problem_id = any(${[...problems]}::uuid[]) order by problem_id, linked_at, incident_id`)
}

/** Problems an incident belongs to. */
export async function listProblemsOf(
  queries: Queries,
  incidentId: string,
  closed: readonly string[],
): Promise<readonly ProblemRow[]> {
  return queries.many(sql<ProblemRow>`
    select ${columns} from problems where ${open(closed)}
      and exists (select from problem_incidents o where o.problem_id = problems.id and o.incident_id = ${incidentId}) order by number limit 100`)
}

/** False when it belonged to it already. */
export async function linkIncident(
  tx: Tx,
  link: ProblemLink & { readonly by: string; readonly at: Instant },
): Promise<boolean> {
  return (
    (await tx.run(sql`
      insert into problem_incidents (problem_id, incident_id, linked_by, linked_at)
      values (${link.problemId}, ${link.incidentId}, ${link.by}, ${timestamp(link.at)}) on conflict do nothing`)) > 0
  )
}

export async function unlinkIncident(tx: Tx, problemId: string, incidentId: string): Promise<boolean> {
  return (
    (await tx.run(sql`delete from problem_incidents where problem_id = ${problemId} and incident_id = ${incidentId}`)) >
    0
  )
}

export async function listActionLinks(
  queries: Queries,
  problems: readonly string[],
): Promise<readonly { readonly problemId: string; readonly actionId: string }[]> {
  return queries.many(sql<{ problemId: string; actionId: string }>`
    select problem_id as "problemId", action_id as "actionId" from problem_actions where problem_id = any(${[...problems]}::uuid[])`)
}

export async function linkAction(tx: Tx, problemId: string, actionId: string): Promise<boolean> {
  return (
    (await tx.run(
      sql`insert into problem_actions (problem_id, action_id) values (${problemId}, ${actionId}) on conflict do nothing`,
    )) > 0
  )
}

export async function unlinkAction(tx: Tx, problemId: string, actionId: string): Promise<boolean> {
  return (
    (await tx.run(sql`delete from problem_actions where problem_id = ${problemId} and action_id = ${actionId}`)) > 0
  )
}

export interface MoveRow {
  readonly problemId: string
  readonly at: Instant
  readonly before: ProblemState | null
  readonly after: ProblemState
  readonly because: string
  readonly by: string
}
const moveColumns = sql`problem_id as "problemId", at, before, after, because, said_by as by`

export async function addMove(tx: Tx, move: MoveRow): Promise<void> {
  await tx.run(sql`
    insert into problem_moves (problem_id, at, before, after, because, said_by)
    values (${move.problemId}, ${timestamp(move.at)}, ${move.before}, ${move.after}, ${move.because}, ${move.by})`)
}

/** The newest 100. */
export async function listMoves(queries: Queries, problemId: string): Promise<readonly MoveRow[]> {
  return queries.many(
    sql<MoveRow>`select ${moveColumns} from problem_moves where problem_id = ${problemId} order by id desc limit 100`,
  )
}

/** Moves in a stretch of time with the problems that moved, the earliest first; 1,000 at most. */
export async function listMovesBetween(
  queries: Queries,
  { from, to, closed }: { readonly from: Instant; readonly to: Instant; readonly closed: readonly string[] },
): Promise<readonly { readonly move: MoveRow; readonly problem: ProblemRow }[]> {
  const moves = await queries.many(sql<MoveRow>`
    select ${moveColumns} from problem_moves where at >= ${timestamp(from)} and at < ${timestamp(to)} order by id limit 1000`)
  const ids = [...new Set(moves.map((each) => each.problemId))]
  const rows = await queries.many(
    sql<ProblemRow>`select ${columns} from problems where id = any(${ids}::uuid[]) and ${open(closed)}`,
  )
  const problems = new Map(rows.map((row) => [row.id, row]))
  return moves.flatMap((move) => {
    const problem = problems.get(move.problemId)
    return problem === undefined ? [] : [{ move, problem }]
  })
}

/** Of the incidents named, those of a problem that is neither eliminated nor accepted. */
export async function listUneliminatedAmong(tx: Tx, incidents: readonly string[]): Promise<readonly string[]> {
  const rows = await tx.many(sql<{ id: string }>`
    select distinct l.incident_id as id from problem_incidents l join problems p on p.id = l.problem_id
    where l.incident_id = any(${[...incidents]}::uuid[]) and p.state not in ('eliminated', 'accepted')`)
  return rows.map((row) => row.id)
}

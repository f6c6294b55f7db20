// All SQL on budget_episodes, budget_acts and budget_tasks.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { PolicyAction } from './core/policy.ts'

export interface EpisodeRow {
  readonly id: string
  readonly policy: string
  readonly objective: string
  readonly service: string
  readonly step: string
  readonly cause: string
  readonly causeLabel: string
  readonly reading: number
  readonly sentence: string
  readonly enteredAt: Instant
  readonly clearSince: Instant | null
  readonly leftAt: Instant | null
  readonly leftBecause: string | null
}

const columns = sql`id, policy, objective, service, step, cause, cause_label as "causeLabel", reading, sentence,
  entered_at as "enteredAt", clear_since as "clearSince", left_at as "leftAt", left_because as "leftBecause"`

export async function listOpenEpisodes(queries: Queries): Promise<readonly EpisodeRow[]> {
  return queries.many(sql<EpisodeRow>`
    select ${columns} from budget_episodes where left_at is null order by policy, objective, entered_at, id`)
}

export async function listOpenOf(queries: Queries, policy: string, objective: string): Promise<readonly EpisodeRow[]> {
  return queries.many(sql<EpisodeRow>`
    select ${columns} from budget_episodes where policy = ${policy} and objective = ${objective} and left_at is null
    order by entered_at, id`)
}

/** Open ones first, then what was left, newest first. */
export async function listEpisodes(
  queries: Queries,
  of: { readonly policy: string | null; readonly objective: string | null },
  limit: number,
): Promise<readonly EpisodeRow[]> {
  return queries.many(sql<EpisodeRow>`
    select ${columns} from budget_episodes
    where (${of.policy}::text is null or policy = ${of.policy}) and (${of.objective}::text is null or objective = ${of.objective})
    order by (left_at is null) desc, entered_at desc, id limit ${limit}`)
}

/** False when the step is entered already: somebody else was first. */
export async function insertEpisode(
  tx: Tx,
  row: Omit<EpisodeRow, 'clearSince' | 'leftAt' | 'leftBecause'>,
): Promise<boolean> {
  const written = await tx.run(sql`
    insert into budget_episodes (id, policy, objective, service, step, cause, cause_label, reading, sentence, entered_at)
    values (${row.id}, ${row.policy}, ${row.objective}, ${row.service}, ${row.step}, ${row.cause}, ${row.causeLabel}, ${row.reading},
      ${row.sentence}, ${timestamp(row.enteredAt)})
    on conflict (policy, objective, step, cause) where left_at is null do nothing`)
  return written > 0
}

export async function holdEpisode(tx: Tx, id: string, clearSince: Instant | null): Promise<void> {
  const since = clearSince === null ? sql`null` : timestamp(clearSince)
  await tx.run(sql`update budget_episodes set clear_since = ${since} where id = ${id} and left_at is null`)
}

/** False when it was left already. */
export async function leaveEpisode(tx: Tx, id: string, at: Instant, because: string): Promise<boolean> {
  const written = await tx.run(sql`
    update budget_episodes set left_at = ${timestamp(at)}, left_because = ${because} where id = ${id} and left_at is null`)
  return written > 0
}

export interface ActRow {
  readonly episodeId: string
  readonly position: number
  readonly kind: PolicyAction['kind']
  readonly at: Instant
  readonly sentence: string
}

export async function insertAct(tx: Tx, row: ActRow): Promise<void> {
  await tx.run(sql`
    insert into budget_acts (episode_id, position, kind, at, sentence)
    values (${row.episodeId}, ${row.position}, ${row.kind}, ${timestamp(row.at)}, ${row.sentence})`)
}

export async function listActs(queries: Queries, episodes: readonly string[]): Promise<readonly ActRow[]> {
  if (episodes.length === 0) return []
  return queries.many(sql<ActRow>`
    select episode_id as "episodeId", position, kind, at, sentence from budget_acts
    where episode_id = any(${[...episodes]}::uuid[]) order by episode_id, position`)
}

export interface TaskRow {
  readonly id: string
  readonly episodeId: string
  readonly policy: string
  readonly objective: string
  readonly service: string
  readonly title: string
  readonly because: string
  readonly ownerKind: 'person' | 'team'
  readonly owner: string | null
  readonly openedAt: Instant
  readonly dueAt: Instant
  readonly state: 'open' | 'done' | 'dropped'
  readonly closedAt: Instant | null
  readonly closedBy: string | null
  readonly note: string | null
}

const taskColumns = sql`id, episode_id as "episodeId", policy, objective, service, title, because, owner_kind as "ownerKind", owner,
  opened_at as "openedAt", due_at as "dueAt", state, closed_at as "closedAt", closed_by as "closedBy", note`

export async function insertTask(
  tx: Tx,
  row: Omit<TaskRow, 'state' | 'closedAt' | 'closedBy' | 'note'>,
): Promise<void> {
  await tx.run(sql`
    insert into budget_tasks (id, episode_id, policy, objective, service, title, because, owner_kind, owner, opened_at, due_at)
    values (${row.id}, ${row.episodeId}, ${row.policy}, ${row.objective}, ${row.service}, ${row.title}, ${row.because}, ${row.ownerKind},
      ${row.owner}, ${timestamp(row.openedAt)}, ${timestamp(row.dueAt)})`)
}

/** What is due soonest first. */
export async function listTasks(
  queries: Queries,
  filter: { readonly state: TaskRow['state'] | null; readonly owner: string | null; readonly objective: string | null },
  after: { readonly dueAt: Instant; readonly id: string } | null,
  limit: number,
): Promise<readonly TaskRow[]> {
  return queries.many(sql<TaskRow>`
    select ${taskColumns} from budget_tasks
    where (${filter.state}::text is null or state = ${filter.state}) and (${filter.owner}::text is null or owner = ${filter.owner})
      and (${filter.objective}::text is null or objective = ${filter.objective})
      and (${after === null ? sql`true` : sql`(due_at, id) > (${timestamp(after.dueAt)}, ${after.id}::uuid)`})
    order by due_at, id limit ${limit}`)
}

export async function findTask(queries: Queries, id: string): Promise<TaskRow | null> {
  return queries.maybe(sql<TaskRow>`select ${taskColumns} from budget_tasks where id = ${id}`)
}

/** Null when it was closed already. */
export async function closeTask(
  tx: Tx,
  order: { readonly id: string; readonly state: 'done' | 'dropped'; readonly by: string; readonly note: string },
): Promise<TaskRow | null> {
  return tx.maybe(sql<TaskRow>`
    update budget_tasks set state = ${order.state}, closed_at = mainstay_now(), closed_by = ${order.by}, note = ${order.note}
    where id = ${order.id} and state = 'open' returning ${taskColumns}`)
}

// All SQL by which later rooms read what was learnt: texts and factors of postmortems, and actions by themselves.
import type { Instant } from '../../kernel/instant.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { ActionKind, ActionState, Factor, PostmortemStatus } from './core/index.ts'

export interface LearntText {
  readonly id: string
  readonly number: number
  readonly incidentId: string
  readonly title: string
  readonly status: PostmortemStatus
  readonly publishedAt: Instant | null
  readonly factors: readonly Factor[]
  readonly summary: string
  readonly lessons: string
}

const learnt = sql`p.id, p.number, p.incident_id as "incidentId", p.title, p.status, p.published_at as "publishedAt", p.factors,
  coalesce((select body from postmortem_sections s where s.postmortem_id = p.id and s.section = 'summary'), '') as summary,
  coalesce((select body from postmortem_sections s where s.postmortem_id = p.id and s.section = 'lessons'), '') as lessons`

/** Postmortems of these incidents. */
export async function listLearntOf(queries: Queries, incidents: readonly string[]): Promise<readonly LearntText[]> {
  return queries.many(sql<LearntText>`
    select ${learnt} from postmortems p where p.incident_id = any(${[...incidents]}::uuid[]) order by p.opened_at, p.id`)
}

/** Published in a stretch of time, the earliest first; 200 at most. */
export async function listPublishedBetween(
  queries: Queries,
  { from, to, closed }: { readonly from: Instant; readonly to: Instant; readonly closed: readonly string[] },
): Promise<readonly LearntText[]> {
  return queries.many(sql<LearntText>`
    select ${learnt} from postmortems p
    where p.status = 'published' and p.published_at >= ${timestamp(from)} and p.published_at < ${timestamp(to)}
      and not p.incident_id = any(${[...closed]}::uuid[])
    order by p.published_at, p.id limit 200`)
}

export interface ActionFact {
  readonly id: string
  readonly number: number
  readonly postmortemId: string
  readonly incidentId: string
  readonly title: string
  readonly kind: ActionKind
  readonly owner: string
  readonly dueAt: Instant
  readonly state: ActionState
  readonly provingSince: Instant | null
  readonly provenAt: Instant | null
  readonly createdAt: Instant
}

const columns = sql`id, number, postmortem_id as "postmortemId", incident_id as "incidentId", title, kind, owner, due_at as "dueAt", state,
  proving_since as "provingSince", proven_at as "provenAt", created_at as "createdAt"`

export async function listActionsById(queries: Queries, ids: readonly string[]): Promise<readonly ActionFact[]> {
  return queries.many(
    sql<ActionFact>`select ${columns} from corrective_actions where id = any(${[...ids]}::uuid[]) order by due_at, number`,
  )
}

/** Agreed, finished or proven in a stretch of time, or late at its end and still to do; the newest 1,000. */
export async function listActionsBetween(
  queries: Queries,
  { from, to, closed }: { readonly from: Instant; readonly to: Instant; readonly closed: readonly string[] },
): Promise<readonly ActionFact[]> {
  const inside = (column: string) =>
    sql`(${sql.ref(column)} >= ${timestamp(from)} and ${sql.ref(column)} < ${timestamp(to)})`
  return queries.many(sql<ActionFact>`
    select ${columns} from corrective_actions
    where not incident_id = any(${[...closed]}::uuid[])
      and (${inside('created_at')} or ${inside('proving_since')} or ${inside('proven_at')} or (state = 'open' and due_at < ${timestamp(to)}))
    order by created_at desc, id limit 1000`)
}

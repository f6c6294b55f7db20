// All SQL on reviewers, their decisions and comments.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { ReviewDecision, SectionKey } from './core/index.ts'

export interface ReviewerRow {
  readonly postmortemId: string
  readonly person: string
  readonly askedBy: string | null
  readonly askedAt: Instant
  readonly decision: ReviewDecision | null
  readonly reason: string | null
  readonly decidedAt: Instant | null
  readonly textHash: string | null
}

const reviewer = sql`postmortem_id as "postmortemId", person, asked_by as "askedBy", asked_at as "askedAt", decision, reason,
  decided_at as "decidedAt", text_hash as "textHash"`

export async function listReviewers(queries: Queries, ids: readonly string[]): Promise<readonly ReviewerRow[]> {
  return queries.many(
    sql<ReviewerRow>`select ${reviewer} from postmortem_reviewers where postmortem_id = any(${[...ids]}::uuid[]) order by asked_at, person`,
  )
}

/** False when they were asked before. */
export async function insertReviewer(
  tx: Tx,
  row: Pick<ReviewerRow, 'postmortemId' | 'person' | 'askedBy' | 'askedAt'>,
): Promise<boolean> {
  const made = await tx.run(sql`
    insert into postmortem_reviewers (postmortem_id, person, asked_by, asked_at)
    values (${row.postmortemId}, ${row.person}, ${row.askedBy}, ${timestamp(row.askedAt)}) on conflict do nothing`)
  return made > 0
}

export interface DecisionRow {
  readonly postmortemId: string
  readonly person: string
  readonly decision: ReviewDecision
  readonly reason: string | null
  readonly at: Instant
  readonly textHash: string
}

/** Also of somebody who was not asked. */
export async function saveDecision(tx: Tx, row: DecisionRow): Promise<void> {
  const at = timestamp(row.at)
  await tx.run(sql`
    insert into postmortem_reviewers (postmortem_id, person, asked_by, asked_at, decision, reason, decided_at, text_hash)
    values (${row.postmortemId}, ${row.person}, ${row.person}, ${at}, ${row.decision}, ${row.reason}, ${at}, ${row.textHash})
    on conflict (postmortem_id, person) do update set decision = excluded.decision, reason = excluded.reason,
      decided_at = excluded.decided_at, text_hash = excluded.text_hash`)
}

export interface CommentRow {
  readonly id: string
  readonly postmortemId: string
  readonly section: SectionKey | null
  readonly body: string
  readonly by: string
  readonly at: Instant
  readonly resolvedBy: string | null
  readonly resolvedAt: Instant | null
}

const comment = sql`id, postmortem_id as "postmortemId", section, body, by, at, resolved_by as "resolvedBy", resolved_at as "resolvedAt"`

export async function listComments(queries: Queries, id: string): Promise<readonly CommentRow[]> {
  return queries.many(
    sql<CommentRow>`select ${comment} from postmortem_comments where postmortem_id = ${id} order by at, id`,
  )
}

export async function countOpenComments(
  queries: Queries,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await queries.many(sql<{ id: string; count: number }>`
    select postmortem_id as id, count(*)::int as count from postmortem_comments
    where postmortem_id = any(${[...ids]}::uuid[]) and resolved_at is null group by postmortem_id`)
  return new Map(rows.map((row) => [row.id, row.count]))
}

export async function insertComment(tx: Tx, row: Omit<CommentRow, 'resolvedBy' | 'resolvedAt'>): Promise<void> {
  await tx.run(sql`
    insert into postmortem_comments (id, postmortem_id, section, body, by, at)
    values (${row.id}, ${row.postmortemId}, ${row.section}, ${row.body}, ${row.by}, ${timestamp(row.at)})`)
}

/** False when there is none of that id here. */
export async function resolveCommentRow(
  tx: Tx,
  row: { readonly id: string; readonly postmortemId: string; readonly by: string | null; readonly at: Instant | null },
): Promise<boolean> {
  const at = row.at === null ? sql`null::timestamptz` : timestamp(row.at)
  const changed = await tx.run(sql`
    update postmortem_comments set resolved_by = ${row.by}, resolved_at = ${at} where id = ${row.id} and postmortem_id = ${row.postmortemId}`)
  return changed > 0
}

// All SQL on objective_terms and objective_reviews. `objective` is the name of one, or the key of a journey.
import type { Instant } from '../../kernel/instant.ts'
import { type Rational, rational } from '../../kernel/rational.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { ReviewDecision, ReviewOwner } from './core/review-terms.ts'
import type { ReviewFigures, ReviewFilter } from './reviews.contract.ts'

export interface TermsRow {
  readonly objective: string
  readonly owner: ReviewOwner | null
  readonly every: string | null
  readonly startsOn: string | null
  readonly declaredAt: Instant
  readonly dueOn: string | null
  readonly soonAt: Instant | null
  readonly overdueAt: Instant | null
  readonly expiresAt: Instant | null
  readonly told: readonly string[]
}

export interface ReviewRow {
  readonly id: string
  readonly objective: string
  readonly at: Instant
  readonly by: string
  readonly decision: ReviewDecision
  readonly reason: string
  readonly targetText: string
  readonly newTarget: string | null
  readonly version: number
  readonly dueOn: string | null
  readonly figures: ReviewFigures
}

const maybeAt = (at: Instant | null) => (at === null ? sql`null::timestamptz` : timestamp(at))

const termsColumns = sql`t.objective, case when t.owner is null then null else jsonb_build_object('kind', t.owner_kind, 'name', t.owner) end as owner,
  t.every, t.starts_on as "startsOn", t.declared_at as "declaredAt", t.due_on as "dueOn", t.soon_at as "soonAt", t.overdue_at as "overdueAt",
  t.expires_at as "expiresAt", t.told`
const reviewColumns = sql`id, objective, reviewed_at as "at", reviewed_by as "by", decision, reason, target_text as "targetText",
  new_target as "newTarget", version, due_on as "dueOn", figures`

export async function saveTerms(tx: Tx, row: Omit<TermsRow, 'told'>): Promise<void> {
  await tx.run(sql`
    insert into objective_terms (objective, owner_kind, owner, every, starts_on, declared_at, due_on, soon_at, overdue_at, expires_at)
    values (${row.objective}, ${row.owner?.kind ?? null}, ${row.owner?.name ?? null}, ${row.every}, ${row.startsOn},
      ${timestamp(row.declaredAt)}, ${row.dueOn}, ${maybeAt(row.soonAt)}, ${maybeAt(row.overdueAt)}, ${maybeAt(row.expiresAt)})
    on conflict (objective) do update set owner_kind = excluded.owner_kind, owner = excluded.owner, every = excluded.every,
      starts_on = excluded.starts_on, declared_at = excluded.declared_at, due_on = excluded.due_on, soon_at = excluded.soon_at,
      overdue_at = excluded.overdue_at, expires_at = excluded.expires_at`)
}

export async function removeTerms(tx: Tx, objectives: readonly string[]): Promise<void> {
  if (objectives.length > 0) await tx.run(sql`delete from objective_terms where objective = any(${[...objectives]})`)
}

/** Locks the row: two people may review in the same second. */
export async function lockTerms(tx: Tx, objective: string): Promise<TermsRow | null> {
  return tx.maybe(
    sql<TermsRow>`select ${termsColumns} from objective_terms t where t.objective = ${objective} for update`,
  )
}

export type TermTimes = Pick<TermsRow, 'soonAt' | 'overdueAt' | 'expiresAt'>

/** By objective; those without are not in it. */
export async function readTermTimes(
  queries: Queries,
  objectives: readonly string[],
): Promise<ReadonlyMap<string, TermTimes>> {
  const rows = await queries.many(sql<TermTimes & { readonly objective: string }>`
    select objective, soon_at as "soonAt", overdue_at as "overdueAt", expires_at as "expiresAt" from objective_terms
    where objective = any(${[...objectives]})`)
  return new Map(rows.map((row) => [row.objective, row]))
}

export async function saveTold(tx: Tx, objective: string, told: readonly string[]): Promise<void> {
  await tx.run(sql`update objective_terms set told = ${[...told]} where objective = ${objective}`)
}

export interface ListedTerms extends TermsRow {
  /** Null of a journey. */
  readonly service: string | null
  /** A journey's own; null of an objective, which its service has one for. */
  readonly team: string | null
  readonly displayName: string
  readonly target: Rational | null
  readonly lastReview: Pick<ReviewRow, 'at' | 'by' | 'decision' | 'newTarget' | 'targetText'> | null
  /** When it matters: the sooner of its days. */
  readonly order: number
}

interface StoredFraction {
  readonly num: string
  readonly den: string
}

// Whatever has neither is of the past, and last.
const matters = sql`least(t.overdue_at, t.expires_at)`

export interface TermsFilter {
  readonly state: ReviewFilter
  readonly objective?: string
  readonly service: string | null
  /** A name, and the services whose team it is. */
  readonly owner: { readonly name: string; readonly services: readonly string[] } | null
  readonly now: Instant
  /** Promises that end before it end soon. */
  readonly soonUntil: Instant
}

function isAsked({ state, now, soonUntil }: TermsFilter) {
  const [due, ends] = [sql`t.soon_at <= ${timestamp(now)}`, sql`t.expires_at <= ${timestamp(soonUntil)}`]
  switch (state) {
    case 'open':
      return sql`(${due} or ${ends})`
    case 'due':
      return due
    case 'overdue':
      return sql`t.overdue_at <= ${timestamp(now)}`
    case 'expiring':
      return sql`(${ends} and t.expires_at > ${timestamp(now)})`
    case 'expired':
      return sql`t.expires_at <= ${timestamp(now)}`
    case 'all':
      return sql`true`
  }
}

export async function listTerms(
  queries: Queries,
  filter: TermsFilter,
  after: { readonly order: number; readonly objective: string } | null,
  limit: number,
): Promise<readonly ListedTerms[]> {
  const { owner } = filter
  const order = sql`coalesce((extract(epoch from ${matters}) * 1000)::bigint, 9e15::bigint)`
  const isJourney = sql`t.objective like 'journey/%'`
  const team = sql`j.definition->>'team'`
  const rows = await queries.many(sql<Omit<ListedTerms, 'target'> & { readonly target: StoredFraction | null }>`
    select ${termsColumns}, o.service, ${team} as team, coalesce(o.display_name, j.definition->>'displayName') as "displayName",
      coalesce(o.definition, j.definition)->'target' as target, ${order} as "order",
      (select jsonb_build_object('at', (extract(epoch from r.reviewed_at) * 1000)::bigint, 'by', r.reviewed_by, 'decision', r.decision,
         'newTarget', r.new_target, 'targetText', r.target_text)
       from objective_reviews r where r.objective = t.objective order by r.reviewed_at desc, r.id limit 1) as "lastReview"
    from objective_terms t
      left join objectives o on not ${isJourney} and o.name = t.objective
      left join journey_objectives j on ${isJourney} and j.name = substr(t.objective, 9)
    where (o.name is not null or j.name is not null) and ${isAsked(filter)} and (${filter.service}::text is null or o.service = ${filter.service})
      and (${filter.objective ?? null}::text is null or t.objective = ${filter.objective ?? null})
      and (${owner === null} or t.owner = ${owner?.name ?? ''} or (t.owner is null and (o.service = any(${[...(owner?.services ?? [])]}::text[]) or ${team} = ${owner?.name ?? ''})))
      and (${after === null} or (${order}, t.objective) > (${after?.order ?? 0}::bigint, ${after?.objective ?? ''}))
    order by "order", t.objective limit ${limit}`)
  return rows.map(({ target, ...row }) => ({
    ...row,
    target: target === null ? null : rational(BigInt(target.num), BigInt(target.den)),
  }))
}

/** Services of objectives that have terms. */
export async function servicesWithTerms(queries: Queries): Promise<readonly string[]> {
  const rows = await queries.many(
    sql<{
      service: string
    }>`select distinct o.service from objective_terms t join objectives o on o.name = t.objective order by 1`,
  )
  return rows.map((row) => row.service)
}

export async function insertReview(tx: Tx, row: ReviewRow): Promise<void> {
  await tx.run(sql`
    insert into objective_reviews (id, objective, reviewed_at, reviewed_by, decision, reason, target_text, new_target, version, due_on, figures)
    values (${row.id}, ${row.objective}, ${timestamp(row.at)}, ${row.by}, ${row.decision}, ${row.reason}, ${row.targetText},
      ${row.newTarget}, ${row.version}, ${row.dueOn}, ${json(row.figures)})`)
}

/** Newest first. */
export async function listReviewsOf(queries: Queries, objective: string, limit: number): Promise<readonly ReviewRow[]> {
  return queries.many(sql<ReviewRow>`
    select ${reviewColumns} from objective_reviews where objective = ${objective} order by reviewed_at desc, id limit ${limit}`)
}

// All SQL on what alerts were worth: ratings, and sums over what became of them.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type { Offset } from './core/index.ts'
import type { QualityKey } from './quality.contract.ts'

export interface Rating {
  readonly useful: boolean | null
  readonly by: string | null
  readonly at: Instant | null
}

/** The caller holds the row of the alert. */
export async function saveRating(tx: Tx, alertId: string, useful: boolean | null, by: string): Promise<Rating> {
  return tx.one(sql<Rating>`
    with outcome as (update alert_outcomes set useful = ${useful}::boolean where alert_id = ${alertId})
    update alerts set useful = ${useful}::boolean, rated_by = ${useful === null ? null : by}::text,
      rated_at = case when ${useful}::boolean is null then null else mainstay_now() end
    where id = ${alertId} returning useful, rated_by as by, rated_at as at`)
}

export async function findRating(queries: Queries, alertId: string): Promise<Rating | null> {
  return queries.maybe(sql<Rating>`select useful, rated_by as by, rated_at as at from alerts where id = ${alertId}`)
}

export interface Counts {
  readonly alerts: number
  readonly pages: number
  readonly pagesForNothing: number
  readonly pagesAfterHours: number
  readonly ended: number
  readonly selfHealed: number
  readonly useful: number
  readonly noise: number
  readonly openMs: number
  readonly critical: number
  readonly criticalWithRunbook: number
  readonly criticalWithTeam: number
}

const countNames: readonly (keyof Counts)[] = [
  ...(['alerts', 'pages', 'pagesForNothing', 'pagesAfterHours', 'ended', 'selfHealed', 'useful', 'noise'] as const),
  ...(['openMs', 'critical', 'criticalWithRunbook', 'criticalWithTeam'] as const),
]

export interface CountsRow extends Counts {
  readonly total: boolean
  readonly name: string | null
  readonly lastAt: Instant | null
}

const keys: Readonly<Record<QualityKey, RawBuilder<unknown>>> = {
  rule: sql`rule`,
  service: sql`service`,
  team: sql`team`,
}

/** Where a sender says what to do. */
export const hasRunbook = (signal: RawBuilder<unknown>) =>
  sql`coalesce(${signal} -> 'annotations' ?| array['runbook_url', 'runbook', 'runbookURL', 'playbook'], false)`

export interface Span {
  readonly from: Instant
  readonly to: Instant
}

/** By how many seconds the clocks of the zone were ahead of UTC when people were told. */
function shiftOf(offsets: readonly Offset[]): RawBuilder<unknown> {
  const [first, ...later] = offsets
  const shift = ({ offsetMs }: Offset) => sql`${offsetMs / 1_000}::float8`
  if (first === undefined) return sql`0`
  if (later.length === 0) return shift(first)
  const cases = [...later].reverse().map((each) => sql`when told_at >= ${timestamp(each.from)} then ${shift(each)}`)
  return sql`case ${sql.join(cases, sql` `)} else ${shift(first)} end`
}

/**
 * One scan of narrow rows; the row of the whole comes first. Of a million alerts in a year the usual month is read by the
 * index on their beginning.
 */
export async function countQuality(
  queries: Queries,
  of: Span & { readonly by: QualityKey; readonly offsets: readonly Offset[]; readonly limit: number },
): Promise<readonly CountsRow[]> {
  const span = sql`opened_at >= ${timestamp(of.from)} and opened_at < ${timestamp(of.to)}`
  // Seconds by the clocks on the wall: `date_part` counts in floats, `extract` in numerics, which are slow.
  const toldLocal = sql`date_part('epoch', told_at) + ${shiftOf(of.offsets)} as told_local`
  // The first of January 1970 was a Thursday.
  const afterHours = sql`(floor(told_local / 86400)::bigint + 3) % 7 >= 5 or floor(told_local / 3600)::bigint % 24 not between 8 and 17`
  const alone = sql`ended_at is not null and not answered and ended <> 'closed'`
  const sums = sql.join(
    countNames.map((name) => sql`coalesce(sum(${sql.ref(name)}), 0)::float8 as ${sql.ref(name)}`),
    sql`, `,
  )
  return queries.many(sql<CountsRow>`
    with facts as (
      select ${keys[of.by]} as name, team, severity, opened_at, ended_at, ended, told_at, ${toldLocal}, answered, useful, has_runbook
      from alert_outcomes where ${span}
      union all
      select ${of.by === 'rule' ? sql`signal ->> 'rule'` : keys[of.by]}, team, worst, opened_at, null::timestamptz, null, told_at, ${toldLocal},
        acknowledged_at is not null, useful, ${hasRunbook(sql`signal`)}
      from alerts where status <> 'resolved' and ${span}),
    named as materialized (
      select name, count(*) as alerts, count(told_at) as pages,
        count(*) filter (where told_at is not null and (useful is false or (useful is null and ${alone}))) as "pagesForNothing",
        count(*) filter (where told_at is not null and (${afterHours})) as "pagesAfterHours",
        count(ended_at) as ended, count(*) filter (where ${alone}) as "selfHealed",
        count(*) filter (where useful) as useful, count(*) filter (where useful is false) as noise,
        sum(greatest(0, date_part('epoch', least(coalesce(ended_at, mainstay_now()), ${timestamp(of.to)})) - date_part('epoch', opened_at))) * 1000 as "openMs",
        count(*) filter (where severity = 'critical') as critical,
        count(*) filter (where severity = 'critical' and has_runbook) as "criticalWithRunbook",
        count(*) filter (where severity = 'critical' and team is not null) as "criticalWithTeam",
        max(opened_at) as "lastAt"
      from facts group by name)
    select true as total, null as name, ${sums}, max("lastAt") as "lastAt" from named
    union all
    (select false, name, ${sql.join(
      countNames.map((name) => sql`${sql.ref(name)}::float8`),
      sql`, `,
    )}, "lastAt" from named
      order by "pagesForNothing" desc, pages desc, alerts desc, name limit ${of.limit})`)
}

/** One look in the index for each rule, however many alerts each has. */
export async function listQuietRules(
  queries: Queries,
  before: Instant,
  limit: number,
): Promise<readonly { readonly rule: string; readonly lastAt: Instant }[]> {
  return queries.many(sql<{ rule: string; lastAt: Instant }>`
    with recursive known as (
      (select rule from alert_outcomes where rule is not null order by rule limit 1)
      union all
      select (select next.rule from alert_outcomes next where next.rule > known.rule order by next.rule limit 1)
      from known where known.rule is not null),
    lasts as (
      select rule, (select max(opened_at) from alert_outcomes last where last.rule = known.rule) as "lastAt" from known where rule is not null)
    select * from lasts where "lastAt" < ${timestamp(before)}
      and not exists (select 1 from alerts where status <> 'resolved' and signal ->> 'rule' = lasts.rule)
    order by "lastAt", rule limit ${limit}`)
}

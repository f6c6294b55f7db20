// All SQL on what is known of objectives: states, points, and who evaluates.
import { type Instant, instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { TierState } from './core/judge.ts'
import {
  type ObjectiveLevel,
  type ObjectiveState,
  objectiveLevels,
  type ShownState,
  type StateFilter,
  shownStates,
} from './slo.contract.ts'
import type { StateView } from './state-view.ts'

/** What the next verdict goes on from. */
export interface StateMemory {
  readonly tiers: readonly TierState[]
  /** Since when nothing can be said, and whether that was published. */
  readonly blindSince: Instant | null
  readonly blindTold: boolean
  /** Alerts on the budget that began and did not end; absent when there are none. */
  readonly budgetAlerts?: readonly string[]
}

export interface StateRow {
  readonly name: string
  readonly version: number
  readonly asOf: Instant
  readonly state: ObjectiveState
  readonly level: ObjectiveLevel
  readonly since: Instant
  readonly remaining: number | null
  readonly burn: number | null
  readonly view: StateView
  readonly memory: StateMemory
}

/** What the engine goes on from: a tenth of what is stored of each, since it keeps all of them. */
export interface KeptState
  extends Pick<StateRow, 'name' | 'asOf' | 'state' | 'level' | 'since' | 'remaining' | 'memory'> {
  readonly service: string
}

export const keptOf = ({ name, asOf, state, level, since, remaining, memory, view }: StateRow): KeptState => ({
  ...{ name, asOf, state, level, since, remaining, memory },
  service: view.service,
})

const columns = sql`name, version, as_of as "asOf", state, level, since, remaining, burn, view, memory`

export async function readStates(queries: Queries, names: readonly string[] | null): Promise<readonly StateRow[]> {
  return queries.many(sql<StateRow>`
    select ${columns} from objective_states where (${names === null} or name = any(${[...(names ?? [])]})) order by name`)
}

export async function readKeptStates(queries: Queries): Promise<readonly KeptState[]> {
  return queries.many(sql<KeptState>`
    select name, as_of as "asOf", state, level, since, remaining, memory, view->>'service' as service from objective_states order by name`)
}

const iso = (at: Instant) => new Date(at).toISOString()

export async function saveStates(tx: Tx, rows: readonly StateRow[]): Promise<void> {
  if (rows.length === 0) return
  const sorted = [...rows].sort((a, b) => (a.name < b.name ? -1 : 1))
  await tx.run(sql`
    insert into objective_states (name, version, as_of, state, level, since, remaining, burn, view, memory)
    select * from unnest(${sorted.map((row) => row.name)}::text[], ${sorted.map((row) => row.version)}::int[], ${sorted.map((row) => iso(row.asOf))}::timestamptz[],
      ${sorted.map((row) => row.state)}::text[], ${sorted.map((row) => row.level)}::text[], ${sorted.map((row) => iso(row.since))}::timestamptz[],
      ${sorted.map((row) => row.remaining)}::float8[], ${sorted.map((row) => row.burn)}::float8[],
      ${jsonLines(sorted.map((row) => row.view))}, ${jsonLines(sorted.map((row) => row.memory))})
    on conflict (name) do update set version = excluded.version, as_of = excluded.as_of, state = excluded.state, level = excluded.level,
      since = excluded.since, remaining = excluded.remaining, burn = excluded.burn, view = excluded.view, memory = excluded.memory`)
}

/** As `jsonb[]`. A list of texts is escaped by the driver and read letter by letter by the server; JSON has no end of a line in it. */
const jsonLines = (all: readonly object[]) =>
  sql`string_to_array(${all.map((each) => JSON.stringify(each)).join('\n')}, E'\n')::jsonb[]`

export interface BudgetRow {
  readonly name: string
  readonly document: string
  readonly service: string
  /** Null until it was judged for the first time. */
  readonly state: ObjectiveState | null
  readonly asOf: Instant | null
  readonly remaining: number | null
  /** Of a calendar window, if the rest is as busy. */
  readonly projected: number | null
}

/** What is left of each budget, without what is said about it. */
export async function readBudgets(
  queries: Queries,
  of: { readonly names?: readonly string[]; readonly services?: readonly string[] } = {},
): Promise<readonly BudgetRow[]> {
  const { names = null, services = null } = of
  return queries.many(sql<BudgetRow>`
    select o.name, o.document, o.service, s.state, s.as_of as "asOf", s.remaining,
      coalesce((s.view->'period'->>'projectedRemainingRatio')::float8, s.remaining) as projected
    from objectives o left join objective_states s on s.name = o.name
    where (${names === null} or o.name = any(${[...(names ?? [])]}))
      and (${services === null} or o.service = any(${[...(services ?? [])]})) order by o.name`)
}

export async function removeStates(tx: Tx, names: readonly string[]): Promise<void> {
  if (names.length > 0) await tx.run(sql`delete from objective_states where name = any(${[...names]})`)
}

export interface PointRow {
  readonly name: string
  readonly at: number
  readonly remaining: number | null
  readonly burn: number | null
}

export async function savePoints(tx: Tx, rows: readonly PointRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.run(sql`
    insert into objective_points (name, at, remaining, burn)
    select * from unnest(${rows.map((row) => row.name)}::text[], ${rows.map((row) => row.at)}::bigint[], ${rows.map((row) => row.remaining)}::float8[],
      ${rows.map((row) => row.burn)}::float8[])
    on conflict (name, at) do update set remaining = excluded.remaining, burn = excluded.burn`)
}

export async function readPoints(
  queries: Queries,
  name: string,
  range: { readonly from: number; readonly to: number; readonly stepMs: number },
): Promise<readonly PointRow[]> {
  return queries.many(sql<PointRow>`
    select distinct on (step) name, step * ${range.stepMs}::bigint as at, remaining, burn
    from (select name, at, remaining, burn, at / ${range.stepMs}::bigint as step from objective_points
      where name = ${name} and at >= ${range.from} and at < ${range.to}) points
    order by step, points.at desc`)
}

/** Points are kept 35 days; those of objectives that are gone go with them. */
export async function dropOldPoints(tx: Tx, before: number, limit: number): Promise<number> {
  return tx.run(sql`
    delete from objective_points where ctid = any(array(select ctid from objective_points where at < ${before} limit ${limit}))`)
}

export interface EngineRow {
  readonly owner: string | null
  readonly tick: number
  readonly tickedAt: Instant | null
  /** Since when it was done without a longer break. */
  readonly listensSince: Instant | null
}

/** One tick at a time, whoever runs it. */
export async function lockEngine(tx: Tx): Promise<EngineRow> {
  return tx.one(sql<EngineRow>`
    select owner, tick, ticked_at as "tickedAt", listens_since as "listensSince" from slo_engine for update`)
}

export async function saveTick(
  tx: Tx,
  ticked: { readonly owner: string; readonly tick: number; readonly at: Instant; readonly listensSince: Instant },
): Promise<void> {
  await tx.run(sql`
    update slo_engine set owner = ${ticked.owner}, tick = ${ticked.tick}, ticked_at = ${timestamp(ticked.at)}, listens_since = ${timestamp(ticked.listensSince)}`)
}

export interface ListFilter {
  readonly service: string | null
  readonly state: StateFilter | null
  readonly search?: string | null
  readonly review?: 'due' | 'overdue' | null
  /** Only those whose state began after it. */
  readonly since?: Instant
  readonly sort: 'name' | 'remaining' | 'worst'
}

// What is known, what was declared of its end, and when it was judged.
const known = sql`objectives o left join objective_states s on s.name = o.name left join objective_terms t on t.objective = o.name`
// An objective nobody has judged yet has no data. An end that passed stands before all that is not worse: core/review-terms.ts.
// A question of its own is asked once for the statement, a call once for each row: 100 ms for 10,000.
const now = sql`(select mainstay_now())`
const hasEnded = sql`coalesce(t.expires_at <= ${now}, false)`
const stateNow = sql`(case when ${hasEnded} and coalesce(s.state, 'no-data') not in ('burning', 'exhausted')
  then 'expired' else coalesce(s.state, 'no-data') end)`
const inWords = {
  trouble: sql`s.state in ('burning', 'exhausted')`,
  unknown: sql`${stateNow} in ('no-data', 'no-events')`,
} as const
const rank = sql`(case ${stateNow} when 'exhausted' then 0 when 'burning' then 1 when 'expired' then 2 when 'no-data' then 3 when 'no-events' then 4 else 5 end)`
const orders = {
  name: sql`0::float8`,
  remaining: sql`coalesce(s.remaining, 1e9)`,
  // The state decides; budgets are held far below the distance of two states.
  worst: sql`(${rank} * 1e6 + least(greatest(coalesce(s.remaining, 9), -1e5), 1e5))`,
} as const

function isFound(search: string | null | undefined) {
  if (search === null || search === undefined || search === '') return sql`true`
  const like = `%${search.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
  return sql`(o.name like ${like} or o.service like ${like} or lower(o.display_name) like ${like})`
}

export interface ListedState {
  readonly name: string
  /** Sorts unknown budgets last. */
  readonly order: number
  readonly service: string
  readonly displayName: string
  readonly definition: JsonObject
  readonly state: StateSummary | null
}

/** What a list shows of a state: a tenth of what is stored of it. */
export interface StateSummary extends Pick<StateRow, 'state' | 'level' | 'since' | 'asOf'> {
  readonly view: Pick<StateView, 'budget' | 'burn' | 'sentence'>
}

/** Stored states have an index; what an end changes is looked at row by row. */
function isIn(state: StateFilter) {
  switch (state) {
    case 'trouble':
    case 'unknown':
      return inWords[state]
    case 'burning':
    case 'exhausted':
      return sql`s.state = ${state}`
    case 'ok':
    case 'no-events':
      return sql`(s.state = ${state} and not ${hasEnded})`
    case 'no-data':
    case 'expired':
      return sql`${stateNow} = ${state}`
  }
}

export async function listStates(
  queries: Queries,
  filter: ListFilter,
  after: { readonly order: number; readonly name: string } | null,
  limit: number,
): Promise<readonly ListedState[]> {
  const order = orders[filter.sort]
  const isAsked = filter.state === null ? sql`true` : isIn(filter.state)
  const isDue =
    filter.review === 'overdue'
      ? sql`t.overdue_at <= mainstay_now()`
      : filter.review === 'due'
        ? sql`t.soon_at <= mainstay_now()`
        : sql`true`
  // Chosen and ordered by narrow columns first: what is said about an objective is read for those of this page alone.
  return queries.many(sql<ListedState>`
    with chosen as materialized (
      select o.name, ${order}::float8 as place
      from ${known}
      where (${filter.service}::text is null or o.service = ${filter.service})
        and ${isAsked} and ${isDue} and ${isFound(filter.search)} and ${filter.since === undefined ? sql`true` : sql`s.since > ${timestamp(filter.since)}`}
        and (${after === null} or (${order}, o.name) > (${after?.order ?? 0}::float8, ${after?.name ?? ''}))
      order by place, o.name limit ${limit})
    select o.name, chosen.place as "order", o.service, o.display_name as "displayName", o.definition,
      case when s.name is null then null else jsonb_build_object('asOf', (extract(epoch from s.as_of) * 1000)::bigint,
        'state', s.state, 'level', s.level, 'since', (extract(epoch from s.since) * 1000)::bigint,
        'view', jsonb_build_object('budget', s.view->'budget', 'burn', s.view->'burn', 'sentence', s.view->'sentence')) end as state
    from chosen join objectives o on o.name = chosen.name left join objective_states s on s.name = o.name
    order by chosen.place, o.name`)
}

export interface StateCounts {
  readonly total: number
  readonly ok: number
  readonly burning: number
  readonly exhausted: number
  readonly noData: number
  readonly noEvents: number
  readonly expired: number
  readonly reviewDue: number
}

/** O(objectives) over two indexes; the documents stay where they are. */
export async function countStates(queries: Queries, search: string | null): Promise<StateCounts> {
  return queries.one(sql<StateCounts>`
    select count(*)::int as total,
      count(*) filter (where ${stateNow} = 'ok')::int as ok, count(*) filter (where ${stateNow} = 'burning')::int as burning,
      count(*) filter (where ${stateNow} = 'exhausted')::int as exhausted,
      count(*) filter (where ${stateNow} = 'no-data')::int as "noData",
      count(*) filter (where ${stateNow} = 'no-events')::int as "noEvents",
      count(*) filter (where ${stateNow} = 'expired')::int as expired,
      count(*) filter (where t.soon_at <= ${now})::int as "reviewDue"
    from ${known} where ${isFound(search)}`)
}

export interface ServiceStanding {
  readonly service: string
  readonly count: number
  /** Of the worst of its objectives. */
  readonly state: ShownState
  readonly level: ObjectiveLevel
}

/** Where services stand; those without objectives are left out. */
export async function readStandings(
  queries: Queries,
  services: readonly string[],
): Promise<readonly ServiceStanding[]> {
  return queries.many(sql<ServiceStanding>`
    select distinct on (o.service) o.service, count(*) over (partition by o.service)::int as count,
      ${stateNow} as state, coalesce(s.level, 'none') as level
    from ${known}
    where o.service = any(${[...services]}::text[])
    order by o.service, ${orders.worst}, o.name`)
}

export interface GaugeRow {
  readonly name: string
  readonly service: string
  readonly state: string
  readonly remaining: number | null
  readonly burn: number | null
  readonly asOf: Instant | null
}

export async function readGauges(
  queries: Queries,
  limit: number,
): Promise<{ rows: readonly GaugeRow[]; total: number }> {
  const { total } = await queries.one(sql<{ total: number }>`select count(*)::int as total from objectives`)
  const rows = await queries.many(sql<GaugeRow>`
    select o.name, o.service, ${stateNow} as state, s.remaining, s.burn, s.as_of as "asOf"
    from ${known} order by o.name limit ${limit}`)
  return { rows, total }
}

export interface BudgetNumbers {
  readonly objective: string
  readonly service: string
  readonly state: ShownState
  readonly level: ObjectiveLevel
  readonly windowMs: number
  readonly good: number
  readonly bad: number
  readonly totalBad: number
  readonly spentBad: number
  readonly remainingRatio: number | null
  readonly measuredRatio: number
  readonly burnRate: number | null
  readonly asOf: Instant | null
}

/**
 * The numbers alone, by name. They come as one text, a line for each objective: a row of thirteen fields each costs more to
 * carry and to read than to find. No field can hold a tab or the end of a line: names, words and numbers. Lines come in the order of
 * the rows beneath, which end at a limit and so are read by one.
 */
export async function readBudgetNumbers(
  queries: Queries,
  filter: { readonly objective: string | null; readonly service: string | null },
  after: string | null,
  limit: number,
): Promise<readonly BudgetNumbers[]> {
  const { lines } = await queries.one(sql<{ lines: string | null }>`
    select string_agg(concat_ws(E'\t', name, service, state, level, window_ms, good, bad, total_bad, spent_bad, coalesce(remaining::text, ''),
      measured, coalesce(burn::text, ''), coalesce((extract(epoch from as_of)::float8 * 1000)::bigint::text, '')), E'\n') as lines
    from (
      select o.name, o.service, ${stateNow} as state, coalesce(s.level, 'none') as level, coalesce(o.window_ms, 0) as window_ms,
        coalesce(s.good, 0) as good, coalesce(s.bad, 0) as bad, coalesce(s.total_bad, 0) as total_bad, coalesce(s.spent_bad, 0) as spent_bad,
        s.remaining, coalesce(s.measured, 0) as measured, s.burn, s.as_of
      from ${known}
      where (${filter.objective}::text is null or o.name = ${filter.objective})
        and (${filter.service}::text is null or o.service = ${filter.service})
        and (${after}::text is null or o.name > ${after})
      order by o.name limit ${limit}) budgets`)
  return lines === null ? [] : lines.split('\n').map(readNumbers)
}

const numberOrNull = (text: string | undefined) => (text === undefined || text === '' ? null : Number(text))

function readNumbers(line: string): BudgetNumbers {
  const [objective = '', service = '', state = '', level = '', ...rest] = line.split('\t')
  const [windowMs, good, bad, totalBad, spentBad, remaining, measured, burn, asOf] = rest
  return {
    objective,
    service,
    state: shownStates.find((each) => each === state) ?? 'no-data',
    level: objectiveLevels.find((each) => each === level) ?? 'none',
    windowMs: Number(windowMs),
    good: Number(good),
    bad: Number(bad),
    totalBad: Number(totalBad),
    spentBad: Number(spentBad),
    remainingRatio: numberOrNull(remaining),
    measuredRatio: Number(measured),
    burnRate: numberOrNull(burn),
    asOf: asOf === undefined || asOf === '' ? null : instant(Number(asOf)),
  }
}

// All SQL on where the groups of objectives stand.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'
import type { Told } from './core/group.ts'
import type { TierState } from './core/judge.ts'
import type { ObjectiveLevel, ObjectiveState } from './slo.contract.ts'

export interface GroupRow {
  readonly objective: string
  readonly stream: number
  readonly values: readonly string[] | null
  readonly label: string
  readonly asOf: Instant
  readonly state: ObjectiveState
  readonly level: ObjectiveLevel
  readonly since: Instant
  readonly good: number
  readonly bad: number
  readonly allowed: number
  readonly spent: number
  readonly remaining: number | null
  readonly burn: number | null
  readonly sentence: string
  readonly told: Told | null
  readonly memory: readonly TierState[]
}

const columns = sql`objective, stream, group_values as "values", label, as_of as "asOf", state, level, since, good, bad, allowed, spent,
  remaining, burn, sentence, told, memory`

/** Of these objectives; null for all. */
export async function readGroupRows(
  queries: Queries,
  objectives: readonly string[] | null,
): Promise<readonly GroupRow[]> {
  return queries.many(sql<GroupRow>`
    select ${columns} from objective_groups
    where (${objectives === null} or objective = any(${[...(objectives ?? [])]})) order by objective, stream`)
}

const iso = (at: Instant) => new Date(at).toISOString()

export async function saveGroupRows(tx: Tx, rows: readonly GroupRow[]): Promise<void> {
  if (rows.length === 0) return
  const sorted = [...rows].sort((a, b) =>
    a.objective === b.objective ? a.stream - b.stream : a.objective < b.objective ? -1 : 1,
  )
  const of = <Value>(value: (row: GroupRow) => Value) => sorted.map(value)
  await tx.run(sql`
    insert into objective_groups (objective, stream, group_values, label, as_of, state, level, since, good, bad, allowed, spent,
      remaining, burn, sentence, told, memory)
    select objective, stream, case when values is null then null else array(select jsonb_array_elements_text(values)) end, label, as_of,
      state, level, since, good, bad, allowed, spent, remaining, burn, sentence, told, memory
    from unnest(${of((row) => row.objective)}::text[], ${of((row) => row.stream)}::int[],
      ${of((row) => (row.values === null ? null : JSON.stringify(row.values)))}::jsonb[], ${of((row) => row.label)}::text[],
      ${of((row) => iso(row.asOf))}::timestamptz[], ${of((row) => row.state)}::text[], ${of((row) => row.level)}::text[],
      ${of((row) => iso(row.since))}::timestamptz[], ${of((row) => row.good)}::bigint[], ${of((row) => row.bad)}::bigint[],
      ${of((row) => row.allowed)}::float8[], ${of((row) => row.spent)}::float8[], ${of((row) => row.remaining)}::float8[],
      ${of((row) => row.burn)}::float8[], ${of((row) => row.sentence)}::text[], ${of((row) => row.told)}::text[],
      ${of((row) => JSON.stringify(row.memory))}::jsonb[])
      as fresh (objective, stream, values, label, as_of, state, level, since, good, bad, allowed, spent, remaining, burn, sentence, told, memory)
    on conflict (objective, stream) do update set as_of = excluded.as_of, state = excluded.state, level = excluded.level,
      label = excluded.label, since = excluded.since, good = excluded.good, bad = excluded.bad, allowed = excluded.allowed, spent = excluded.spent,
      remaining = excluded.remaining, burn = excluded.burn, sentence = excluded.sentence, told = excluded.told, memory = excluded.memory`)
}

export async function removeGroupRows(tx: Tx, rows: readonly Pick<GroupRow, 'objective' | 'stream'>[]): Promise<void> {
  if (rows.length === 0) return
  await tx.run(sql`
    delete from objective_groups g using unnest(${rows.map((row) => row.objective)}::text[], ${rows.map((row) => row.stream)}::int[])
      as gone (objective, stream) where g.objective = gone.objective and g.stream = gone.stream`)
}

export const groupSorts = ['spent', 'remaining', 'name'] as const
export type GroupSort = (typeof groupSorts)[number]

// Ascending numbers; the label decides among equals.
const orders = {
  spent: sql`-bad::float8`,
  remaining: sql`coalesce(remaining, 1e9)`,
  name: sql`0::float8`,
} as const

export interface ListedGroup extends GroupRow {
  readonly place: number
}

export async function listGroupRows(
  queries: Queries,
  of: { readonly objective: string; readonly search: string | null; readonly sort: GroupSort },
  after: { readonly place: number; readonly label: string; readonly stream: number } | null,
  limit: number,
): Promise<readonly ListedGroup[]> {
  const like = `%${(of.search ?? '').toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
  const place = orders[of.sort]
  return queries.many(sql<ListedGroup>`
    select ${columns}, ${place} as place from objective_groups
    where objective = ${of.objective} and (${of.search === null} or lower(label) like ${like})
      and (${after === null} or (${place}, label, stream::float8) > (${after?.place ?? 0}::float8, ${after?.label ?? ''}, ${after?.stream ?? 0}::float8))
    order by place, label, stream limit ${limit}`)
}

export interface GroupSums {
  readonly groups: number
  readonly good: number
  readonly bad: number
  readonly burning: number
}

export async function sumGroupRows(queries: Queries, objective: string): Promise<GroupSums> {
  return queries.one(sql<GroupSums>`
    select count(*)::int as groups, coalesce(sum(good), 0)::bigint as good, coalesce(sum(bad), 0)::bigint as bad,
      (count(*) filter (where state = 'burning'))::int as burning
    from objective_groups where objective = ${objective}`)
}

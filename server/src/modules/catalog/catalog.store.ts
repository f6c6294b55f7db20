// All SQL on declared objects and their versions.
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { ResourceDocument } from '../../platform/resources/resource-kind.ts'
import type { KnownObject } from './catalog.ports.ts'
import { answersFor, declares, frozen, remembered } from './catalog-memory.store.ts'
import type { Owners } from './core/index.ts'

export interface StoredResource {
  readonly kind: string
  readonly name: string
  readonly apiVersion: string
  readonly document: ResourceDocument
  readonly version: number
  readonly owners: Owners
  readonly createdBy: string
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

const columns = sql`kind, name, api_version as "apiVersion", document, version, owners, created_by as "createdBy", created_at as "createdAt", updated_at as "updatedAt"`

export interface Key {
  readonly kind: string
  readonly name: string
}

// Applies take turns: a plan that was computed is the change that is made, and references cannot vanish meanwhile.
// Thousands of documents are compared between two statements; nobody is paged meanwhile under this lock, so it may take longer.
export async function lockCatalog(tx: Tx): Promise<void> {
  declares(tx)
  await tx.run(
    sql`select pg_advisory_xact_lock(4870316522938), set_config('idle_in_transaction_session_timeout', '30s', true)`,
  )
}

export async function findResources(queries: Queries, keys: readonly Key[]): Promise<readonly StoredResource[]> {
  if (keys.length === 0) return []
  const answers = await answersFor(queries)
  if (answers === null) return readResources(queries, keys)
  const wanted = [...new Map(keys.map((key) => [questionOf(key), key]))]
  const unknown = wanted.filter(([question]) => !answers.has(question))
  if (unknown.length > 0) {
    const keysLeft = unknown.map(([, key]) => key)
    const read = new Map((await readResources(queries, keysLeft)).map((each) => [questionOf(each), frozen(each)]))
    for (const [question] of unknown) answers.set(question, read.get(question) ?? null)
  }
  return wanted.flatMap(([question]) => (answers.get(question) as StoredResource | null) ?? [])
}

const questionOf = ({ kind, name }: Key): string => `${kind}/${name}`

function readResources(queries: Queries, keys: readonly Key[]): Promise<readonly StoredResource[]> {
  return queries.many(sql<StoredResource>`
    select ${columns} from resources
    where (kind, name) in (select * from unnest(${keys.map((key) => key.kind)}::text[], ${keys.map((key) => key.name)}::text[]))`)
}

export async function findCreatedBy(queries: Queries, manager: string): Promise<readonly StoredResource[]> {
  return queries.many(sql<StoredResource>`select ${columns} from resources where created_by = ${manager}`)
}

export async function findResource(queries: Queries, key: Key): Promise<StoredResource | null> {
  return remembered(queries, questionOf(key), () =>
    queries.maybe(
      sql<StoredResource>`select ${columns} from resources where kind = ${key.kind} and name = ${key.name}`,
    ),
  )
}

export async function findAsOf(
  queries: Queries,
  key: Key,
  at: Instant,
): Promise<{ version: number; document: ResourceDocument | null; at: Instant } | null> {
  return queries.maybe(sql<{ version: number; document: ResourceDocument | null; at: Instant }>`
    select version, document, at from resource_versions where kind = ${key.kind} and name = ${key.name} and at <= ${timestamp(at)}
    order by version desc limit 1`)
}

export async function listByKind(
  queries: Queries,
  kind: string,
  after: string | null,
  limit: number,
): Promise<readonly StoredResource[]> {
  const read = () =>
    queries.many(sql<StoredResource>`
    select ${columns} from resources where kind = ${kind} and (${after}::text is null or name > ${after}) order by name limit ${limit}`)
  // A whole large catalog is not kept for one who pages through it.
  return limit > mostRemembered ? read() : remembered(queries, `${kind} after ${after} ${limit}`, read)
}

const mostRemembered = 500

export interface ServiceFilter {
  readonly team: string | null
  readonly tier: number | null
  readonly search: string | null
}

export async function listServiceRows(
  queries: Queries,
  filter: ServiceFilter,
  after: string | null,
  limit: number,
): Promise<readonly StoredResource[]> {
  const like = filter.search === null ? null : `%${filter.search.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
  return queries.many(sql<StoredResource>`
    select ${columns} from resources
    where kind = 'Service' and (${after}::text is null or name > ${after})
      and (${filter.team}::text is null or document #>> '{spec,team}' = ${filter.team})
      and (${filter.tier}::int is null or coalesce((document #>> '{spec,tier}')::int, 2) = ${filter.tier})
      and (${like}::text is null or name like ${like} or lower(coalesce(document #>> '{metadata,displayName}', '')) like ${like} or lower(coalesce(document #>> '{metadata,description}', '')) like ${like})
    order by name limit ${limit}`)
}

/** The services of all these teams, by name. O(services) once for each state of the catalog. */
export async function listServicesOfTeams(
  queries: Queries,
  teams: readonly string[],
): Promise<readonly { team: string; name: string }[]> {
  const all = await remembered(queries, 'services of teams', async () => {
    const rows = await queries.many(sql<{ team: string; name: string }>`
      select document #>> '{spec,team}' as team, name from resources
      where kind = 'Service' and document #>> '{spec,team}' is not null order by name`)
    return grouped(rows, ({ team }) => team)
  })
  return [...new Set(teams)].flatMap((team) => all.get(team) ?? [])
}

function grouped<T>(rows: readonly T[], by: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(by(row))
    if (group === undefined) groups.set(by(row), [row])
    else group.push(row)
  }
  return groups
}

export interface DependencyRow {
  readonly from: string
  readonly to: string
  readonly strength: 'hard' | 'soft'
}

/** Every dependency of every service. O(services) once for each state of the catalog. */
export async function listDependencies(queries: Queries): Promise<readonly DependencyRow[]> {
  return remembered(queries, 'dependencies', () =>
    queries.many(sql<DependencyRow>`
      select name as "from",
        case jsonb_typeof(item) when 'string' then item #>> '{}' else item ->> 'service' end as "to",
        coalesce(case jsonb_typeof(item) when 'object' then item ->> 'strength' end, 'hard') as strength
      from resources, jsonb_array_elements(document #> '{spec,dependsOn}') item
      where kind = 'Service' and jsonb_typeof(document #> '{spec,dependsOn}') = 'array'`),
  )
}

export interface CallGraph {
  /** What each service depends on, and what depends on it. */
  readonly of: ReadonlyMap<string, readonly DependencyRow[]>
  readonly on: ReadonlyMap<string, readonly DependencyRow[]>
}

/** Which service needs which: walking it costs what is found. */
export async function readCallGraph(queries: Queries): Promise<CallGraph> {
  return remembered(queries, 'call graph', async () => {
    const rows = await listDependencies(queries)
    return { of: grouped(rows, ({ from }) => from), on: grouped(rows, ({ to }) => to) }
  })
}

export async function insertResource(
  tx: Tx,
  row: {
    key: Key
    apiVersion: string
    document: ResourceDocument
    owners: Owners
    createdBy: string
    refersTo: readonly string[]
  },
): Promise<number> {
  declares(tx)
  // Versions go on counting over a removal, so that history stays one line.
  const { version } = await tx.one(sql<{ version: number }>`
    insert into resources (kind, name, api_version, document, version, owners, created_by, refers_to)
    values (${row.key.kind}, ${row.key.name}, ${row.apiVersion}, ${json(row.document)},
      (select coalesce(max(version), 0) + 1 from resource_versions where kind = ${row.key.kind} and name = ${row.key.name}),
      ${json(row.owners)}, ${row.createdBy}, ${[...row.refersTo]})
    returning version`)
  return version
}

export async function updateResource(
  tx: Tx,
  row: { key: Key; apiVersion: string; document: ResourceDocument; owners: Owners; refersTo: readonly string[] },
): Promise<number> {
  declares(tx)
  const { version } = await tx.one(sql<{ version: number }>`
    update resources set document = ${json(row.document)}, api_version = ${row.apiVersion}, owners = ${json(row.owners)}, refers_to = ${[...row.refersTo]},
      version = version + 1, updated_at = mainstay_now()
    where kind = ${row.key.kind} and name = ${row.key.name} returning version`)
  return version
}

/** Ownership alone moved: no new version, nothing a reader would see differently. */
export async function updateOwners(tx: Tx, key: Key, owners: Owners): Promise<void> {
  declares(tx)
  await tx.run(sql`update resources set owners = ${json(owners)} where kind = ${key.kind} and name = ${key.name}`)
}

export async function removeResource(tx: Tx, key: Key): Promise<void> {
  declares(tx)
  await tx.run(sql`delete from resources where kind = ${key.kind} and name = ${key.name}`)
}

/** Dated as the object itself, to the millisecond: looking at the day of an update finds that update. */
export async function saveVersion(
  tx: Tx,
  row: { key: Key; version: number; document: ResourceDocument | null; actor: string },
): Promise<void> {
  await tx.run(sql`
    insert into resource_versions (kind, name, version, document, actor, at)
    values (${row.key.kind}, ${row.key.name}, ${row.version}, ${row.document === null ? sql`null` : json(row.document)}, ${row.actor},
      coalesce((select updated_at from resources where kind = ${row.key.kind} and name = ${row.key.name}), mainstay_now()))`)
}

export async function listVersions(
  queries: Queries,
  key: Key,
  limit: number,
): Promise<readonly { version: number; at: Instant; actor: string; document: JsonObject | null }[]> {
  return queries.many(sql<{ version: number; at: Instant; actor: string; document: JsonObject | null }>`
    select version, at, actor, document from resource_versions where kind = ${key.kind} and name = ${key.name} order by version desc limit ${limit}`)
}

export async function listReferrers(queries: Queries, key: Key, limit: number): Promise<readonly Key[]> {
  return queries.many(
    sql<Key>`select kind, name from resources where refers_to @> array[${`${key.kind}/${key.name}`}] order by kind, name limit ${limit}`,
  )
}

export async function countReferrers(queries: Queries, key: Key, kind: string): Promise<number> {
  const { count } = await queries.one(sql<{ count: number }>`
    select count(*)::int as count from resources
    where kind = ${kind} and refers_to @> array[${`${key.kind}/${key.name}`}]`)
  return count
}

export async function listNames(queries: Queries, kind: string): Promise<readonly string[]> {
  return (
    await queries.many(sql<{ name: string }>`select name from resources where kind = ${kind} order by name limit 5000`)
  ).map((row) => row.name)
}

/** Names that start so, of at most 63 characters of letters, digits and `-`. */
export async function listNamesLike(queries: Queries, kind: string, prefix: string): Promise<readonly string[]> {
  const rows = await queries.many(
    sql<{ name: string }>`select name from resources where kind = ${kind} and starts_with(name, ${prefix})`,
  )
  return rows.map((row) => row.name)
}

/** The catalog's own objects by name, with what imports wrote beside them; O(objects), read only by imports. */
export async function listKnown(queries: Queries): Promise<readonly KnownObject[]> {
  return queries.many(sql<KnownObject>`
    select kind, name, coalesce(document #> '{metadata,annotations}', '{}') as annotations from resources
    where kind in ('Service', 'System', 'Domain', 'Team', 'Person', 'DataSource')`)
}

/** The person with this address, however it is written. */
export async function findPersonByEmail(queries: Queries, email: string): Promise<StoredResource | null> {
  return queries.maybe(sql<StoredResource>`
    select ${columns} from resources where kind = 'Person' and lower(document #>> '{spec,email}') = ${email.toLowerCase()}
    order by created_at, name limit 1`)
}

export async function countByKind(queries: Queries): Promise<ReadonlyMap<string, number>> {
  const rows = await queries.many(
    sql<{ kind: string; count: number }>`select kind, count(*)::int as count from resources group by kind`,
  )
  return new Map(rows.map((row) => [row.kind, row.count]))
}

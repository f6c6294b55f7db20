// All SQL on objectives and their versions.
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import { maintenanceRevision } from '../maintenance/index.ts'
import { type Definition, fromStored, toStored } from './definition.ts'

export interface ObjectiveRow {
  readonly name: string
  readonly document: string
  readonly service: string
  readonly displayName: string
  readonly definition: Definition
  readonly version: number
  readonly effectiveAt: Instant
  /** Null until something was measured. */
  readonly born: Instant | null
}

type Stored = Omit<ObjectiveRow, 'definition'> & { readonly definition: JsonObject }
const columns = sql`name, document, service, display_name as "displayName", definition, version, effective_at as "effectiveAt", born`
const toRow = (row: Stored): ObjectiveRow => ({ ...row, definition: fromStored(row.definition) })

/** Writes what is new or different, with a version from which it holds. A new stream begins counting anew. */
export async function saveObjective(
  tx: Tx,
  objective: { definition: Definition; refersTo: readonly string[]; anew: boolean },
): Promise<{ version: number; changed: boolean }> {
  const { definition, refersTo } = objective
  const stored = toStored(definition)
  const before = await tx.maybe(sql<{ same: boolean; version: number }>`
    select definition = ${json(stored)} as same, version from objectives where name = ${definition.name} for update`)
  if (before?.same === true && !objective.anew) {
    await tx.run(sql`update objectives set refers_to = ${[...refersTo]} where name = ${definition.name}`)
    return { version: before.version, changed: false }
  }
  const { version } = await tx.one(sql<{ version: number }>`
    insert into objectives (name, document, service, display_name, definition, refers_to)
    values (${definition.name}, ${definition.document}, ${definition.service}, ${definition.displayName}, ${json(stored)}, ${[...refersTo]})
    on conflict (name) do update set document = excluded.document, service = excluded.service, display_name = excluded.display_name,
      definition = excluded.definition, refers_to = excluded.refers_to, version = objectives.version + 1, effective_at = mainstay_now(),
      born = case when ${objective.anew} then null else objectives.born end
    returning version`)
  await tx.run(sql`
    insert into objective_versions (name, version, definition, effective_at)
    values (${definition.name}, ${version}, ${json(stored)}, mainstay_now())
    on conflict (name, version) do update set definition = excluded.definition, effective_at = excluded.effective_at`)
  await bumpRegistry(tx)
  return { version, changed: true }
}

/** What was known of them stays until the engine has ended what it told others. */
export async function removeObjectives(tx: Tx, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await tx.run(sql`delete from objectives where name = any(${[...names]})`)
  await bumpRegistry(tx)
}

/** Whoever evaluates looks at the declarations anew. */
export async function bumpRegistry(tx: Tx): Promise<void> {
  await tx.run(sql`update slo_registry set revision = revision + 1`)
}

export async function saveBorn(tx: Tx, name: string, born: Instant): Promise<void> {
  await tx.run(sql`update objectives set born = ${timestamp(born)} where name = ${name}`)
}

/** Another number when objectives, exclusions or maintenance were declared otherwise: both only ever count up. */
export async function registryRevision(queries: Queries): Promise<number> {
  const [{ revision }, ofMaintenance] = await Promise.all([
    queries.one(sql<{ revision: number }>`select revision from slo_registry`),
    maintenanceRevision(queries),
  ])
  return revision + ofMaintenance
}

export async function listObjectives(queries: Queries): Promise<readonly ObjectiveRow[]> {
  return (await queries.many(sql<Stored>`select ${columns} from objectives order by name`)).map(toRow)
}

/** What each measures, without all else that was declared of it. */
export async function listMeasured(
  queries: Queries,
): Promise<readonly (Pick<ObjectiveRow, 'name' | 'service'> & Pick<Definition, 'kind'>)[]> {
  return queries.many(sql<Pick<ObjectiveRow, 'name' | 'service'> & Pick<Definition, 'kind'>>`
    select name, service, definition->>'kind' as kind from objectives order by name`)
}

export async function findObjective(queries: Queries, name: string): Promise<ObjectiveRow | null> {
  const row = await queries.maybe(sql<Stored>`select ${columns} from objectives where name = ${name}`)
  return row === null ? null : toRow(row)
}

export async function findObjectives(queries: Queries, names: readonly string[]): Promise<readonly ObjectiveRow[]> {
  if (names.length === 0) return []
  const rows = await queries.many(
    sql<Stored>`select ${columns} from objectives where name = any(${[...names]}) order by name`,
  )
  return rows.map(toRow)
}

/** All objectives of these services. */
export async function findObjectivesOf(
  queries: Queries,
  services: readonly string[],
): Promise<readonly ObjectiveRow[]> {
  if (services.length === 0) return []
  const rows = await queries.many(
    sql<Stored>`select ${columns} from objectives where service = any(${[...services]}) order by name`,
  )
  return rows.map(toRow)
}

export async function namesOfObjectives(queries: Queries): Promise<readonly string[]> {
  const rows = await queries.many(sql<{ name: string }>`select name from objectives order by name`)
  return rows.map((row) => row.name)
}

export async function namesOfDocument(queries: Queries, document: string): Promise<readonly string[]> {
  const rows = await queries.many(
    sql<{ name: string }>`select name from objectives where document = ${document} order by name`,
  )
  return rows.map((row) => row.name)
}

/** The SLO documents that were compiled from another one: `SLI/front-answers`. */
export async function documentsReferringTo(queries: Queries, key: string): Promise<readonly string[]> {
  const rows = await queries.many(
    sql<{
      document: string
    }>`select distinct document from objectives where refers_to @> array[${key}] order by document`,
  )
  return rows.map((row) => row.document)
}

/** What these SLO documents were compiled from, as `kind/name`. */
export async function referredBy(queries: Queries, documents: readonly string[]): Promise<readonly string[]> {
  const rows = await queries.many(
    sql<{ key: string }>`
      select distinct unnest(refers_to) as key from objectives where document = any(${[...documents]}) order by 1`,
  )
  return rows.map((row) => row.key)
}

export async function countObjectives(queries: Queries): Promise<number> {
  return (await queries.one(sql<{ count: number }>`select count(*)::int as count from objectives`)).count
}

/** How many objectives each service has, for those that show it beside the service. */
export async function countByService(queries: Queries): Promise<ReadonlyMap<string, number>> {
  const rows = await queries.many(
    sql<{ service: string; count: number }>`select service, count(*)::int as count from objectives group by service`,
  )
  return new Map(rows.map((row) => [row.service, row.count]))
}

// All SQL on journeys and what is known of them.
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import { isJsonObject, type JsonObject } from '../../kernel/json.ts'
import { rational } from '../../kernel/rational.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql } from '../../platform/database/queries.ts'
import type { JourneyDefinition } from './core/journey.ts'
import type { JourneyReply } from './journeys.contract.ts'

export interface JourneyRow {
  readonly definition: JourneyDefinition
  readonly version: number
}

interface Stored {
  readonly definition: JsonObject
  readonly version: number
}

/** Fractions are texts: JSON has no whole numbers of any size. */
function fromStored({ definition, version }: Stored): JourneyRow {
  const read: JourneyDefinition = JSON.parse(JSON.stringify(definition), (_key, value: unknown) => {
    if (!isJsonObject(value) || typeof value.num !== 'string' || typeof value.den !== 'string') return value
    return rational(BigInt(value.num), BigInt(value.den))
  })
  return { definition: read, version }
}

const toStored = (definition: JourneyDefinition): JsonObject =>
  JSON.parse(JSON.stringify(definition, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)))

export async function listJourneys(queries: Queries): Promise<readonly JourneyRow[]> {
  const rows = await queries.many(sql<Stored>`select definition, version from journey_objectives order by name`)
  return rows.map(fromStored)
}

export async function findJourney(queries: Queries, name: string): Promise<JourneyRow | null> {
  const row = await queries.maybe(sql<Stored>`select definition, version from journey_objectives where name = ${name}`)
  return row === null ? null : fromStored(row)
}

export async function saveJourney(tx: Tx, definition: JourneyDefinition): Promise<void> {
  const stored = json(toStored(definition))
  await tx.run(sql`
    insert into journey_objectives (name, source, definition) values (${definition.name}, ${definition.source}, ${stored})
    on conflict (name) do update set definition = excluded.definition, source = excluded.source,
      version = journey_objectives.version + 1, effective_at = mainstay_now()
    where journey_objectives.definition is distinct from excluded.definition`)
}

/** What was known of it goes too: it says nothing to others that would have to be ended. */
export async function removeJourney(tx: Tx, name: string, source: JourneyDefinition['source']): Promise<void> {
  await tx.run(sql`delete from journey_objectives where name = ${name} and source = ${source}`)
  await tx.run(sql`delete from journey_states s where s.name = ${name}
    and not exists (select 1 from journey_objectives j where j.name = s.name)`)
}

export interface JourneyStateRow {
  readonly name: string
  readonly version: number
  readonly asOf: Instant
  readonly state: JourneyReply['state']
  readonly since: Instant
  readonly view: JourneyReply
}

export async function readJourneyStates(queries: Queries): Promise<readonly JourneyStateRow[]> {
  return queries.many(sql<JourneyStateRow>`
    select name, version, as_of as "asOf", state, since, view from journey_states order by name`)
}

export interface JourneyBudgetRow {
  readonly name: string
  readonly team: string | null
  /** Null until it was evaluated for the first time. */
  readonly state: JourneyReply['state'] | null
  readonly asOf: Instant | null
  readonly remaining: number | null
  /** Those it passes through, as of then. */
  readonly services: readonly string[]
}

/** What is left of each budget, without what is said about it. */
export async function readJourneyBudgets(queries: Queries): Promise<readonly JourneyBudgetRow[]> {
  return queries.many(sql<JourneyBudgetRow>`
    select j.name, j.definition->>'team' as team, s.state, s.as_of as "asOf", (s.view->>'remainingRatio')::float8 as remaining,
      array(select distinct m->>'service' from jsonb_array_elements(coalesce(s.view->'members', '[]')) m
        where m->>'service' is not null order by 1) as services
    from journey_objectives j left join journey_states s on s.name = j.name order by j.name`)
}

export async function saveJourneyStates(tx: Tx, rows: readonly JourneyStateRow[]): Promise<void> {
  if (rows.length === 0) return
  // A journey that was removed meanwhile stays removed.
  await tx.run(sql`
    insert into journey_states (name, version, as_of, state, since, view)
    select r.* from unnest(${rows.map((row) => row.name)}::text[], ${rows.map((row) => row.version)}::int[],
      ${rows.map((row) => formatInstant(row.asOf))}::timestamptz[], ${rows.map((row) => row.state)}::text[],
      ${rows.map((row) => formatInstant(row.since))}::timestamptz[], ${rows.map((row) => JSON.stringify(row.view))}::jsonb[])
      as r (name, version, as_of, state, since, view)
    where exists (select 1 from journey_objectives j where j.name = r.name)
    on conflict (name) do update set version = excluded.version, as_of = excluded.as_of, state = excluded.state,
      since = excluded.since, view = excluded.view`)
}

// All SQL on probes and their results.
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'

export interface ProbeRow {
  readonly name: string
  readonly service: string | null
  readonly everyMs: number
  readonly check: JsonObject
  readonly revision: number
  readonly lastAt: Instant | null
  readonly lastGood: boolean | null
  readonly lastReason: string | null
  readonly lastMs: number | null
}

const columns = sql`name, service, every_ms as "everyMs", check_spec as "check", revision, last_at as "lastAt", last_good as "lastGood",
  last_reason as "lastReason", last_ms as "lastMs"`

/** A new revision lets the job of the old one end by itself. */
export async function saveProbe(
  tx: Tx,
  probe: Pick<ProbeRow, 'name' | 'service' | 'everyMs' | 'check'>,
): Promise<ProbeRow> {
  return tx.one(sql<ProbeRow>`
    insert into probes (name, service, every_ms, check_spec) values (${probe.name}, ${probe.service}, ${probe.everyMs}, ${json(probe.check)})
    on conflict (name) do update set service = excluded.service, every_ms = excluded.every_ms, check_spec = excluded.check_spec, revision = probes.revision + 1
    returning ${columns}`)
}

export async function removeProbe(tx: Tx, name: string): Promise<void> {
  await tx.run(sql`delete from probes where name = ${name}`)
}

export async function findProbe(queries: Queries, name: string): Promise<ProbeRow | null> {
  return queries.maybe(sql<ProbeRow>`select ${columns} from probes where name = ${name}`)
}

export async function listProbeRows(
  queries: Queries,
  after: string | null,
  limit: number,
): Promise<readonly ProbeRow[]> {
  return queries.many(
    sql<ProbeRow>`select ${columns} from probes where ${after}::text is null or name > ${after} order by name limit ${limit}`,
  )
}

export interface ProbeResultRow {
  readonly id: number
  readonly at: Instant
  readonly good: boolean
  readonly status: number | null
  readonly totalMs: number
  readonly reason: string
}

export async function saveResult(tx: Tx, probe: string, result: Omit<ProbeResultRow, 'id'>): Promise<void> {
  await tx.run(sql`
    insert into probe_results (probe, at, good, status, total_ms, reason)
    values (${probe}, ${timestamp(result.at)}, ${result.good}, ${result.status}, ${result.totalMs}, ${result.reason})`)
  await tx.run(sql`
    update probes set last_at = ${timestamp(result.at)}, last_good = ${result.good}, last_reason = ${result.reason}, last_ms = ${result.totalMs}
    where name = ${probe}`)
}

export async function listResults(
  queries: Queries,
  probe: string,
  before: number | null,
  limit: number,
): Promise<readonly ProbeResultRow[]> {
  return queries.many(sql<ProbeResultRow>`
    select id, at, good, status, total_ms as "totalMs", reason from probe_results
    where probe = ${probe} and (${before}::bigint is null or id < ${before}) order by id desc limit ${limit}`)
}

/** Keeps the newest 1,000 of each probe and nothing older than the instant, nor of a probe that is gone. */
export async function dropOldResults(tx: Tx, before: Instant): Promise<number> {
  return tx.run(sql`
    delete from probe_results r where r.at < ${timestamp(before)} or not exists (select 1 from probes p where p.name = r.probe)
      or r.id < (select n.id from probe_results n where n.probe = r.probe order by n.id desc offset 999 limit 1)`)
}
